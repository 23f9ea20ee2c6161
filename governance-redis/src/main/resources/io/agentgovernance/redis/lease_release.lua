-- Gives a lease back that is still held with its token.
-- KEYS control, leases
-- ARGV epoch, resource, token
-- answers OK, STALE, SUPERSEDED, or LOST, what is there
local control, leases = KEYS[1], KEYS[2]
local epoch, resource, token = ARGV[1], ARGV[2], ARGV[3]

local current = redis.call('HGET', control, 'epoch')
local refusal = stranger(current, epoch)
if refusal then
  return refusal
end
local lease = redis.call('HGET', leases, resource)
if not lease or string.match(lease, '^(%d+) ') ~= token then
  return {'STALE'}
end

redis.call('HDEL', leases, resource)
return {'OK'}
