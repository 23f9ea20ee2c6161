-- Adds changes to a log that is being made again beside the one in use.
-- KEYS control, log that is being made
-- ARGV epoch, keep in ms, batch, sequence of the first, then the JSON of each
-- answers OK or SUPERSEDED
local control, making = KEYS[1], KEYS[2]
local epoch, keep, name, first = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local current = redis.call('HGET', control, 'epoch')
if current and tonumber(current) >= tonumber(epoch) then
  return {'SUPERSEDED'}
end

local there = redis.call('XLEN', making)
for i = 5, #ARGV do
  local sequence = first + i - 5
  if sequence > there then
    redis.call('XADD', making, digits(sequence) .. '-0', 'b', name, 'c', ARGV[i])
  end
end
redis.call('PEXPIRE', making, keep)
return {'OK'}
