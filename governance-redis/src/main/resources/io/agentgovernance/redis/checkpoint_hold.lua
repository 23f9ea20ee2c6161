-- SPDX-License-Identifier: Apache-2.0
-- Says that somebody is still at a run.
-- KEYS: control, hold. ARGV: epoch, time to live in ms.
-- Answers OK, or GONE if the run was taken over, given back or has ended.
local control = redis.call('HMGET', KEYS[1], 'epoch', 'ended', 'released')
if tonumber(control[1] or '0') ~= tonumber(ARGV[1]) or control[2] or control[3] then
  return {'GONE'}
end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return {'OK'}
