-- Extends a lease that is still held with its token.
-- KEYS control, log, leases, dedupe, agents, blackboard, blackboard versions
-- ARGV epoch, resource, token, time to live in microseconds, keep in ms, refresh (0 or 1)
-- answers OK, time, sequence; STALE, time, sequence; SUPERSEDED; LOST, what is there
local control, leases = KEYS[1], KEYS[3]
local epoch, resource, token = ARGV[1], ARGV[2], ARGV[3]
local ttl, keep, refresh = ARGV[4], ARGV[5], ARGV[6]

local found = redis.call('HMGET', control, 'epoch', 'sequence', 'keep')
local refusal = stranger(found[1], epoch)
if refusal then
  return refusal
end
local now = clock()
local lease = redis.call('HGET', leases, resource)
if not lease then
  return {'STALE', digits(now), found[2]}
end
local held, till, owner = string.match(lease, '^(%d+) (%d+) (.*)$')
if held ~= token or tonumber(till) <= now then
  return {'STALE', digits(now), found[2]}
end

redis.call('HSET', leases, resource, token .. ' ' .. digits(now + tonumber(ttl)) .. ' ' .. owner)
if refresh == '1' then
  for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, found[3] or keep)
  end
end
return {'OK', digits(now), found[2]}
