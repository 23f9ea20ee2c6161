-- SPDX-License-Identifier: Apache-2.0
-- Ends a run; its keys go after a while.
-- KEYS: control, hold, log, lanes. ARGV: epoch, how long to keep the keys in ms.
-- Answers OK, DUP if it had ended, GONE if it is not there, or STALE with the epoch now.
local control = redis.call('HMGET', KEYS[1], 'epoch', 'ended')
if not control[1] then
  return {'GONE'}
end
if control[2] then
  return {'DUP'}
end
local epoch = tonumber(control[1])
if epoch ~= tonumber(ARGV[1]) then
  return {'STALE', string.format('%.0f', epoch)}
end
redis.call('HSET', KEYS[1], 'ended', redis.call('TIME')[1])
redis.call('DEL', KEYS[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[3], ARGV[2])
redis.call('PEXPIRE', KEYS[4], ARGV[2])
return {'OK'}
