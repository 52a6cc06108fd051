-- Written by hand: how often somebody asked within the minute, for servers that count together
-- (CROSSRUN_RATE_LIMIT_STORE=postgres). Its columns are those that rate-limiter-flexible reads. The server's own login
-- counts; nobody else is granted anything, so that no request and no BI tool can reset a counter. What a crash takes is
-- a minute's counts, which are not worth a log.
CREATE UNLOGGED TABLE x_rate_limits (
  key varchar(255) COLLATE "C" PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
);
