-- Whether a token is the current one of a lease that has not run out. Changes nothing.
-- KEYS control, leases
-- ARGV epoch, resource, token
-- answers OK, time; STALE, time; SUPERSEDED; LOST, what is there
local control, leases = KEYS[1], KEYS[2]
local epoch, resource, token = ARGV[1], ARGV[2], ARGV[3]

local current = redis.call('HGET', control, 'epoch')
local refusal = stranger(current, epoch)
if refusal then
  return refusal
end
local now = clock()
local lease = redis.call('HGET', leases, resource)
if lease then
  local held, till = string.match(lease, '^(%d+) (%d+) ')
  if held == token and tonumber(till) > now then
    return {'OK', digits(now)}
  end
end
return {'STALE', digits(now)}
