-- SPDX-License-Identifier: Apache-2.0
-- Gives a run back that has not ended.
-- KEYS: control, hold. ARGV: epoch.
-- Answers OK, or GONE if it is no longer this epoch's or has ended.
local control = redis.call('HMGET', KEYS[1], 'epoch', 'ended')
if tonumber(control[1] or '0') ~= tonumber(ARGV[1]) or control[2] then
  return {'GONE'}
end
redis.call('HSET', KEYS[1], 'released', ARGV[1])
redis.call('DEL', KEYS[2])
return {'OK'}
