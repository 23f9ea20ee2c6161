-- The server's time in microseconds, which is the time of leases.
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Numbers without exponent or fraction.
local function digits(number)
  return string.format('%.0f', number)
end

-- What to answer a caller of another epoch than the run's; nil to one of the same.
local function stranger(current, epoch)
  if not current then
    return {'LOST', 'nothing'}
  end
  if current == epoch then
    return nil
  end
  if tonumber(current) < tonumber(epoch) then
    return {'LOST', 'epoch ' .. current}
  end
  return {'SUPERSEDED'}
end

