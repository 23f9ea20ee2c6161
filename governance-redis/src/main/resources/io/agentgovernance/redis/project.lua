-- Writes projections of a run that was made again.
-- KEYS control, agents, blackboard, blackboard versions
-- ARGV epoch, keep in ms, number of agents, then id, state of each,
--      number of values, then key, value, version of each
-- answers OK or SUPERSEDED
local control, agents, blackboard, versions = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local epoch, keep = ARGV[1], ARGV[2]

if redis.call('HGET', control, 'epoch') ~= epoch then
  return {'SUPERSEDED'}
end

local at = 3
for _ = 1, tonumber(ARGV[at]) do
  redis.call('HSETNX', agents, ARGV[at + 1], ARGV[at + 2])
  at = at + 2
end
at = at + 1
for _ = 1, tonumber(ARGV[at]) do
  if redis.call('HSETNX', versions, ARGV[at + 1], ARGV[at + 3]) == 1 then
    redis.call('HSET', blackboard, ARGV[at + 1], ARGV[at + 2])
  end
  at = at + 3
end
for i = 2, 4 do
  redis.call('PEXPIRE', KEYS[i], keep)
end
return {'OK'}
