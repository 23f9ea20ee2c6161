-- Writes projections of a run that was made again.
-- KEYS control, agents, blackboard, blackboard versions
-- ARGV epoch, keep in ms, number of agents, then id, state of each,
--      number of values, then key, value of each,
--      number of versions, then key, version of each
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
local values = tonumber(ARGV[at + 1])
local first = at + 2
local after = first + 2 * values + 1
for i = 0, 2 * (values - 1), 2 do
  if redis.call('HSETNX', versions, ARGV[after + i], ARGV[after + i + 1]) == 1 then
    redis.call('HSET', blackboard, ARGV[first + i], ARGV[first + i + 1])
  end
end
for i = 2, 4 do
  redis.call('PEXPIRE', KEYS[i], keep)
end
return {'OK'}
