-- Takes a lease that is free, has run out, or is held by the same owner.
-- KEYS control, leases
-- ARGV epoch, resource, owner, time to live in microseconds, keep in ms
-- answers OK, time, token; HELD, time; SUPERSEDED; LOST, what is there
local control, leases = KEYS[1], KEYS[2]
local epoch, resource, owner, ttl, keep = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local found = redis.call('HMGET', control, 'epoch', 'keep')
local refusal = stranger(found[1], epoch)
if refusal then
  return refusal
end
local now = clock()
local lease = redis.call('HGET', leases, resource)
if lease then
  local till, holder = string.match(lease, '^%d+ (%d+) (.*)$')
  if tonumber(till) > now and holder ~= owner then
    return {'HELD', digits(now)}
  end
end

local counter = redis.call('HINCRBY', control, 'counter', 1)
local token = digits(tonumber(epoch) * 4294967296 + counter)
redis.call('HSET', leases, resource, token .. ' ' .. digits(now + tonumber(ttl)) .. ' ' .. owner)
redis.call('PEXPIRE', leases, found[2] or keep)
return {'OK', digits(now), token}
