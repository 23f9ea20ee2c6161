-- Lets the keys of a run that has ended live a little longer, and no more than that.
-- KEYS control, log, leases, dedupe, agents, blackboard, blackboard versions
-- ARGV epoch, keep in ms
-- answers OK or SUPERSEDED; a run that is gone is OK
local control = KEYS[1]
local epoch, keep = ARGV[1], ARGV[2]

local current = redis.call('HGET', control, 'epoch')
if not current then
  return {'OK'}
end
if current ~= epoch then
  return {'SUPERSEDED'}
end

redis.call('HSET', control, 'keep', keep)
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, keep)
end
return {'OK'}
