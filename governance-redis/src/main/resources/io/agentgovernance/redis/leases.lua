-- Takes leases that are free, have run out, or are held by the same owner, and gives back leases that
-- are still held with their token: what was asked for at once, one after the other.
-- KEYS control, leases
-- ARGV epoch, keep in ms, then of each: take, resource, owner, time to live in microseconds;
--      or give, resource, token, ''
-- answers OK, time, then of each the token, HELD, GIVEN or STALE; SUPERSEDED; LOST, what is there
local control, leases = KEYS[1], KEYS[2]
local epoch, keep = ARGV[1], ARGV[2]

local found = redis.call('HMGET', control, 'epoch', 'keep', 'counter')
local refusal = stranger(found[1], epoch)
if refusal then
  return refusal
end
local now = clock()
local resources = {}
for i = 4, #ARGV, 4 do
  resources[#resources + 1] = ARGV[i]
end
local before = redis.call('HMGET', leases, unpack(resources))
local after = {}
for i, resource in ipairs(resources) do
  after[resource] = before[i]
end

local counter = tonumber(found[3] or 0)
local answer = {'OK', digits(now)}
for i = 3, #ARGV, 4 do
  local resource, who, outcome = ARGV[i + 1], ARGV[i + 2], 'STALE'
  local token, till, holder
  if after[resource] then
    token, till, holder = string.match(after[resource], '^(%d+) (%d+) (.*)$')
  end
  if ARGV[i] == 'give' then
    if token == who then
      after[resource] = false
      outcome = 'GIVEN'
    end
  elseif token and tonumber(till) > now and holder ~= who then
    outcome = 'HELD'
  else
    counter = counter + 1
    outcome = digits(tonumber(epoch) * 4294967296 + counter)
    after[resource] = outcome .. ' ' .. digits(now + tonumber(ARGV[i + 3])) .. ' ' .. who
  end
  answer[#answer + 1] = outcome
end

local taken, free = {}, {}
for i, resource in ipairs(resources) do
  local lease = after[resource]
  if lease and lease ~= before[i] then
    taken[#taken + 1] = resource
    taken[#taken + 1] = lease
  elseif before[i] and not lease then
    free[#free + 1] = resource
  end
end
if #taken > 0 then
  redis.call('HSET', leases, unpack(taken))
  redis.call('PEXPIRE', leases, found[2] or keep)
end
if #free > 0 then
  redis.call('HDEL', leases, unpack(free))
end
if counter > tonumber(found[3] or 0) then
  redis.call('HSET', control, 'counter', digits(counter))
end
return answer
