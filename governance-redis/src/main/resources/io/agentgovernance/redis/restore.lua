-- Puts a log that was made again in the place of whatever is there, with a higher epoch.
-- KEYS control, log, leases, dedupe, agents, blackboard, blackboard versions, log that was made
-- ARGV epoch, nonce, terms, sequence, batch, keep in ms, status, channel
-- answers OK (also when the same caller did it before), SUPERSEDED, or INCOMPLETE
local control, log, made = KEYS[1], KEYS[2], KEYS[8]
local epoch, nonce, terms, sequence = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local name, keep, status, channel = ARGV[5], ARGV[6], ARGV[7], ARGV[8]

local found = redis.call('HMGET', control, 'epoch', 'nonce')
if found[1] and tonumber(found[1]) >= tonumber(epoch) then
  if found[2] == nonce then
    return {'OK', digits(clock())}
  end
  return {'SUPERSEDED'}
end
if redis.call('XLEN', made) ~= tonumber(sequence) then
  return {'INCOMPLETE'}
end

for i = 1, 7 do
  redis.call('DEL', KEYS[i])
end
local tail = ''
if sequence ~= '0' then
  redis.call('RENAME', made, log)
  redis.call('PEXPIRE', log, keep)
  tail = name
end
redis.call('HSET', control, 'epoch', epoch, 'sequence', sequence, 'tail', tail, 'counter', '0',
  'status', status, 'nonce', nonce, 'terms', terms)
redis.call('PEXPIRE', control, keep)
redis.call('PUBLISH', channel, epoch .. ' 0 0 -')
return {'OK', digits(clock())}
