-- The annual results written by hand for DuckDB: its tables, then one query for each part of the answers.
--
-- The input is registered under the names contracts, amendments, deliveries, payments, milestones,
-- contributors, partners, countries, quoted (rates, in millionths) and words. Money is exact: amounts are
-- DECIMAL(18, 3), rates are fractions of whole numbers, and only their product is rounded, once, half to
-- even. Periods are calendar years, so `back` counts the years from a row's year to the one reported.

-- name: setting
SET VARIABLE this_year = (SELECT year(max("signedDate")) FROM contracts);

-- name: macros
CREATE MACRO back_of(day) AS getvariable('this_year') - year(day);

CREATE MACRO thousandths(amount) AS
  trunc(amount)::BIGINT * 1000 + ((amount - trunc(amount))::DECIMAL(4, 3) * 1000)::INTEGER;

-- x * num / den in 64 bits: what den goes into, and the rest of it. Too large a number stops the query.
CREATE MACRO whole(x, num, den) AS x // den * num + x % den * num // den;
CREATE MACRO rest(x, num, den) AS x % den * num % den;
CREATE MACRO half_even(x, num, den) AS
  whole(x, num, den) + CASE WHEN 2 * rest(x, num, den) > den
    OR (2 * rest(x, num, den) = den AND whole(x, num, den) & 1 = 1) THEN 1 ELSE 0 END;

-- In cents, then as money. DECIMAL / DECIMAL would be a DOUBLE, so cents are multiplied by 0.01.
CREATE MACRO converted(amount, num, den) AS
  (sign(amount) * half_even(thousandths(abs(amount)), num, den))::DECIMAL(16, 0) * 0.01::DECIMAL(2, 2);

-- name: tables
CREATE TABLE year AS
SELECT getvariable('this_year') - back AS year, back, make_date(getvariable('this_year') - back, 12, 31) AS last_day
FROM range(7) t(back);

-- Cents for one thousandth, num / den in lowest terms, on each day that a rate is good for.
CREATE TABLE rate AS
WITH fraction AS (
  SELECT *, CASE WHEN in_dollars THEN millionths ELSE 1000000 END AS over,
    CASE WHEN in_dollars THEN 1000000 ELSE millionths END * 10 AS under,
    least(lead(day) OVER (PARTITION BY currency ORDER BY day), day + 32) AS until
  FROM quoted
)
SELECT currency, CAST(unnest(range(day, until, INTERVAL 1 DAY)) AS DATE) AS day,
  over // gcd(over, under) AS num, under // gcd(over, under) AS den, shown, day AS rate_day
FROM fraction
UNION ALL
SELECT 'USD', day, 1, 10, 1, NULL
FROM (SELECT "signedDate" AS day FROM contracts UNION SELECT date FROM payments UNION SELECT last_day FROM year);

-- The same at the average of the year before the one reported.
CREATE TABLE average AS
WITH fraction AS (
  SELECT currency, in_dollars, sum(millionths)::BIGINT AS total, count(*) * 1000000 AS rates,
    CASE WHEN in_dollars THEN total ELSE rates END AS over, CASE WHEN in_dollars THEN rates ELSE total END * 10 AS under
  FROM quoted WHERE back_of(day) = 1 GROUP BY currency, in_dollars
)
SELECT currency, over // gcd(over, under) AS num, under // gcd(over, under) AS den FROM fraction
UNION ALL SELECT 'USD', 1, 10;

CREATE TABLE partner AS
SELECT p.*, c.code, c.name AS country, c.grouping AS region, c.subregion
FROM partners p LEFT JOIN countries c ON c.code = p."countryCode";

CREATE TABLE contract AS
WITH original AS (
  SELECT record, first("valueBefore/amount" ORDER BY date, row) FILTER ("valueBefore/amount" IS NOT NULL) AS amount
  FROM amendments GROUP BY record
), known AS (
  SELECT c.*, coalesce(o.amount, c."value/amount") AS at_signing,
    "agreementType" IS NOT DISTINCT FROM 'framework' AS framework,
    status = 'cancelled' AND coalesce(year("statusDate") <= year("signedDate"), TRUE) AS cancelled_early,
    CASE WHEN status IN ('completed', 'cancelled', 'terminated', 'lapsed')
      THEN coalesce("statusDate", "period/endDate") END AS active_to
  FROM contracts c LEFT JOIN original o USING (record)
)
SELECT c.record, c.id, c.number, c.title, kind.words AS kind, c."parentContractId", c."customerId",
  p.name AS customer, p.code, p.country, p.region, p.subregion, supply.words AS supply, c."productGroup",
  form.words AS form, c."signedDate", back_of(c."signedDate") AS back, c."inForceDate", c."period/startDate",
  c."period/endDate", c.status, c."statusDate", c."value/amount", c."value/currency", c.at_signing,
  r.shown AS rate, r.rate_day, converted(c.at_signing, r.num, r.den) AS value,
  converted(c.at_signing, a.num, a.den) AS constant, c.framework,
  NOT (c.framework OR c.cancelled_early) AS firm,
  c.status IN ('completed', 'cancelled', 'terminated', 'lapsed') AS closed, c.active_to
FROM known c
LEFT JOIN partner p ON p.id = c."customerId"
LEFT JOIN rate r ON r.currency = c."value/currency" AND r.day = c."signedDate"
LEFT JOIN average a ON a.currency = c."value/currency"
LEFT JOIN words kind ON kind.name = c."agreementType"
LEFT JOIN words supply ON supply.name = c.category
LEFT JOIN words form ON form.name = c."cooperationForm";

CREATE TABLE amendment AS
SELECT a.record, a.row, c.id, c.firm, a.date, a."valueAfter/currency" AS currency,
  CAST(a."valueAfter/amount" - a."valueBefore/amount" AS DECIMAL(18, 3)) AS change, converted(change, r.num, r.den) AS value
FROM amendments a JOIN contract c USING (record)
LEFT JOIN rate r ON r.currency = a."valueAfter/currency" AND r.day = c."signedDate"
WHERE a."valueAfter/amount" IS NOT NULL AND a."valueBefore/amount" IS NOT NULL;

CREATE TABLE delivery AS
SELECT d.record, d.row, c.id, c.firm, d.date, d."value/currency" AS currency, d."value/amount" AS amount,
  converted(d."value/amount", r.num, r.den) AS value
FROM deliveries d JOIN contract c USING (record)
LEFT JOIN rate r ON r.currency = d."value/currency" AND r.day = c."signedDate";

CREATE TABLE payment AS
SELECT p.row, c.id AS contract, p.id, p.date, back_of(p.date) AS back, p."value/amount", p."value/currency",
  c.country, c.region, converted(p."value/amount", r.num, r.den) AS value
FROM payments p JOIN contract c USING (record)
LEFT JOIN rate r ON r.currency = p."value/currency" AND r.day = p.date;

-- One row for all milestones that no figure can tell apart.
CREATE TABLE milestone AS
SELECT back_of(c."signedDate") AS signed, coalesce(back_of(c.active_to), -9999) AS closed, back_of(m."dueDate") AS due,
  coalesce(back_of(m."dateMet"), -9999) AS met, coalesce(c.active_to >= m."dueDate", TRUE) AS open_when_due,
  coalesce(m."dateMet" <= m."dueDate", FALSE) AS on_time, m.type = 'payment' AS payment, count(*) AS rows,
  sum(CASE WHEN m.type = 'payment' THEN converted(m."value/amount", r.num, r.den) END) AS value
FROM milestones m JOIN contract c ON c.record = m.record AND c.firm
LEFT JOIN rate r ON r.currency = m."value/currency" AND r.day = c."signedDate"
GROUP BY ALL;

-- One row per enterprise; bit n of `active` says that it had a contract in hand n years back.
CREATE TABLE contributor AS
WITH span AS (
  SELECT record, back AS from_back, greatest(coalesce(back_of(active_to), 0), 0) AS to_back FROM contract
), mask AS (
  SELECT record, from_back, CASE WHEN from_back >= to_back THEN (1 << least(from_back + 1, 7)) - (1 << least(to_back, 7)) ELSE 0 END AS active
  FROM span
)
SELECT k."partnerId" AS id, p.country, max(m.from_back) AS first_back, bit_or(m.active) AS active
FROM contributors k JOIN mask m USING (record) LEFT JOIN partner p ON p.id = k."partnerId"
WHERE k.role IN ('contributor', 'supplier') GROUP BY ALL;

CREATE TABLE entry AS
SELECT 'Signed' AS movement, id AS contract, "signedDate" AS date, "value/currency" AS currency,
  at_signing AS original, value AS amount, record AS row
FROM contract WHERE firm
UNION ALL
SELECT 'Amended', id, date, currency, change, value, row FROM amendment WHERE firm
UNION ALL
SELECT 'Delivered', id, date, currency, -coalesce(amount, 0), -coalesce(value, 0), row FROM delivery WHERE firm
UNION ALL
SELECT 'Cancelled or closed', id, active_to, "value/currency", -undelivered, -worth, record
FROM (
  SELECT c.*, at_signing + coalesce(a.change, 0) - coalesce(d.amount, 0) AS undelivered,
    coalesce(c.value, 0) + coalesce(a.value, 0) - coalesce(d.value, 0) AS worth
  FROM contract c
  LEFT JOIN (SELECT record, sum(change) AS change, sum(value) AS value FROM amendment GROUP BY record) a USING (record)
  LEFT JOIN (SELECT record, sum(amount) AS amount, sum(value) AS value FROM delivery GROUP BY record) d USING (record)
  WHERE c.firm AND c.closed
) WHERE undelivered <> 0;

CREATE TABLE ledger AS
SELECT movement, currency, back_of(date) AS back, sum(original) AS original, sum(amount) AS amount
FROM entry WHERE date IS NOT NULL GROUP BY ALL;

-- Who signed, year by year; then where everyone stands in each year of the history and the one before it.
CREATE TABLE customer AS
WITH yearly AS (
  SELECT "customerId" AS entity, back, min("signedDate") AS day, count(*) AS contracts, sum(value) AS worth
  FROM contract WHERE firm GROUP BY ALL
)
SELECT entity, y.back, min(day) AS first_date, coalesce(sum(contracts) FILTER (s.back = y.back), 0) AS rows,
  coalesce(sum(worth) FILTER (s.back = y.back), 0) AS amount,
  bool_or(s.back BETWEEN y.back + 1 AND y.back + 3) AS recent, bool_or(s.back > y.back) AS known,
  CASE WHEN rows > 0 AND recent THEN 'Retained' WHEN rows > 0 AND known THEN 'Returning'
    WHEN rows > 0 THEN 'New' WHEN recent THEN 'Lapsed' END AS status
FROM yearly s JOIN year y ON s.back >= y.back GROUP BY entity, y.back HAVING status IS NOT NULL;

CREATE TABLE market AS
WITH yearly AS (
  SELECT code AS entity, back, count(*) AS contracts, sum(value) AS worth FROM contract WHERE firm GROUP BY ALL
)
SELECT entity, y.back, coalesce(sum(contracts) FILTER (s.back = y.back), 0) AS rows,
  coalesce(sum(worth) FILTER (s.back = y.back), 0) AS amount,
  bool_or(s.back BETWEEN y.back + 1 AND y.back + 3) AS recent, bool_or(s.back > y.back) AS known,
  CASE WHEN entity IS NULL THEN NULL WHEN rows > 0 AND recent THEN 'Traditional'
    WHEN rows > 0 AND known THEN 'Reopened' WHEN rows > 0 THEN 'New' WHEN recent THEN 'Without a contract' END AS status
FROM yearly s JOIN year y ON s.back >= y.back
GROUP BY entity, y.back HAVING status IS NOT NULL OR (entity IS NULL AND rows > 0);

CREATE TABLE first_use AS
SELECT code, form, GROUPING(code) = 1 AS anywhere, arg_min(id, ("signedDate", id)) AS id,
  arg_min(country, ("signedDate", id)) AS country, max(back) AS back
FROM contract WHERE firm AND form IS NOT NULL GROUP BY GROUPING SETS ((form), (code, form));

-- name: signed
SELECT y.back, count(c.id), sum(value), sum(constant), count(value), quantile_disc(value, 0.5),
  -quantile_disc(-value, 0.5), max(value), count(DISTINCT code), count(DISTINCT "customerId"),
  count(DISTINCT form), count(DISTINCT "productGroup"),
  count(c.id) FILTER (year("inForceDate") <= y.year), sum(value) FILTER (year("inForceDate") <= y.year)
FROM year y LEFT JOIN contract c ON c.back = y.back AND c.firm GROUP BY y.back;

-- name: frameworks
SELECT back, count(*) FROM contract WHERE framework GROUP BY back;

-- name: expiring
SELECT y.back, count(*) FROM year y JOIN contract c ON back_of("period/endDate") = y.back - 1
WHERE firm AND c.back >= y.back AND (active_to IS NULL OR back_of(active_to) < y.back) GROUP BY y.back;

-- name: customers
SELECT back, count(*) FILTER (status = 'New'), count(*) FILTER (status = 'Returning'),
  count(*) FILTER (status = 'Retained'), count(*) FILTER (status = 'Lapsed'), count(*),
  sum(amount) FILTER (status = 'New'), count(*) FILTER (status IN ('New', 'Returning') AND p."formerSuppliers" IS NOT NULL)
FROM customer c LEFT JOIN partner p ON p.id = c.entity GROUP BY back;

-- name: markets
SELECT back, count(*) FILTER (status = 'New'), count(*) FILTER (status = 'Traditional'), count(entity),
  sum(amount), sum(rows)
FROM market GROUP BY back;

-- name: contributors
SELECT y.back, count(*) FILTER (active >> y.back & 1 = 1), count(*) FILTER (first_back = y.back),
  count(DISTINCT country) FILTER (active >> y.back & 1 = 1)
FROM contributor, year y WHERE y.back < 6 GROUP BY y.back;

-- name: first uses
SELECT f.back, count(*) FILTER (anywhere), count(*) FILTER (m.status = 'Traditional')
FROM first_use f LEFT JOIN market m ON m.entity = f.code AND m.back = f.back GROUP BY f.back;

-- name: concentration
WITH sums AS (
  SELECT back, GROUPING("customerId") AS by_country, sum(value)::DECIMAL(19, 2) AS v
  FROM contract WHERE firm AND back < 6 GROUP BY GROUPING SETS ((back, "customerId"), (back, country)) HAVING v <> 0
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY back, by_country ORDER BY v DESC) AS place FROM sums
)
SELECT back, by_country, sum(v), max(v), sum(v) FILTER (place <= 5), sum(v) FILTER (place <= 10), sum(v * v)
FROM ranked GROUP BY ALL;

-- name: balances
WITH balance AS (
  SELECT y.back, y.last_day, currency, CAST(sum(original) AS DECIMAL(18, 3)) AS amount
  FROM ledger l JOIN year y ON l.back >= y.back GROUP BY ALL HAVING amount <> 0
)
SELECT b.back, CASE WHEN bool_and(num IS NOT NULL) THEN sum(converted(amount, num, den)) END
FROM balance b LEFT JOIN rate r ON r.currency = b.currency AND r.day = b.last_day GROUP BY b.back;

-- name: movements
SELECT movement, back, sum(amount) FROM ledger GROUP BY ALL;

-- name: delivered
SELECT back_of(date) AS back, count(*), sum(value) FROM delivery WHERE firm GROUP BY 1;

-- name: paid
SELECT back, count(*), sum(value) FROM payment GROUP BY back;

-- name: milestones
SELECT y.back, sum(rows) FILTER (due = y.back AND open_when_due),
  sum(rows) FILTER (due = y.back AND open_when_due AND on_time),
  sum(rows) FILTER (due >= y.back AND closed < y.back AND met < y.back),
  sum(rows) FILTER (payment AND signed >= y.back AND closed < y.back AND due < y.back),
  sum(value) FILTER (payment AND signed >= y.back AND closed < y.back AND due < y.back)
FROM milestone, year y GROUP BY y.back;

-- name: pivot regionByYear
SELECT region, country, 2 - GROUPING(region) - GROUPING(country) AS level,
  sum(value) FILTER (back = 5), sum(value) FILTER (back = 4), sum(value) FILTER (back = 3),
  sum(value) FILTER (back = 2), sum(value) FILTER (back = 1), sum(value) FILTER (back = 0), sum(value)
FROM contract WHERE firm AND back < 6
GROUP BY GROUPING SETS ((region, country), (region), ());

-- name: pivot productsByYear
SELECT "productGroup", 1 - GROUPING("productGroup") AS level,
  sum(value) FILTER (back = 5), sum(value) FILTER (back = 4), sum(value) FILTER (back = 3),
  sum(value) FILTER (back = 2), sum(value) FILTER (back = 1), sum(value) FILTER (back = 0), sum(value)
FROM contract WHERE firm AND back < 6
GROUP BY GROUPING SETS (("productGroup"), ());

-- name: pivot inflowByYear
SELECT region, 1 - GROUPING(region) AS level,
  sum(value) FILTER (back = 5), sum(value) FILTER (back = 4), sum(value) FILTER (back = 3),
  sum(value) FILTER (back = 2), sum(value) FILTER (back = 1), sum(value) FILTER (back = 0), sum(value)
FROM payment WHERE back BETWEEN 0 AND 5
GROUP BY GROUPING SETS ((region), ());

-- name: pivot standingByRegion
SELECT p.region, 1 - GROUPING(p.region) AS level, nullif(count(*) FILTER (status = 'New'), 0), nullif(count(*) FILTER (status = 'Returning'), 0),
  nullif(count(*) FILTER (status = 'Retained'), 0), nullif(count(*) FILTER (status = 'Lapsed'), 0), count(*)
FROM customer c LEFT JOIN partner p ON p.id = c.entity WHERE back = 0
GROUP BY GROUPING SETS ((p.region), ());

-- name: pivot newCustomersByRegion
SELECT p.region, 1 - GROUPING(p.region) AS level, nullif(count(*) FILTER (status = 'New'), 0) AS new,
  sum(amount) FILTER (status = 'New'), nullif(count(p."formerSuppliers"), 0) AS conversions
FROM customer c LEFT JOIN partner p ON p.id = c.entity
WHERE back = 0 AND status IN ('New', 'Returning')
GROUP BY GROUPING SETS ((p.region), ()) HAVING new > 0 OR conversions > 0 OR level = 0;

-- name: pivot markets
SELECT status, 1 - GROUPING(status) AS level, nullif(count(entity), 0), sum(rows), sum(amount)
FROM market WHERE back = 0 GROUP BY GROUPING SETS ((status), ());

-- name: pivot firstForms
SELECT form, id FROM first_use WHERE anywhere AND back = 0;

-- name: pivot firstFormsTraditional
SELECT f.country, f.form, f.id FROM first_use f JOIN market m ON m.entity = f.code AND m.back = 0
WHERE NOT f.anywhere AND f.back = 0 AND m.status = 'Traditional';

-- name: pivot contributorsByCountry
SELECT country, 1 - GROUPING(country) AS level, count(*) FILTER (active & 1 = 1) AS now, nullif(count(*) FILTER (active & 2 = 2), 0)
FROM contributor GROUP BY GROUPING SETS ((country), ()) HAVING now > 0;

-- name: pivot scheduled
SELECT CAST(getvariable('this_year') - due AS VARCHAR) AS year, 1 - GROUPING(due) AS level, sum(value)
FROM milestone WHERE payment AND signed >= 0 AND closed < 0 AND due < 0 GROUP BY GROUPING SETS ((due), ());

-- name: pivot subregions
SELECT subregion, 1 - GROUPING(subregion) AS level, count(DISTINCT code) FILTER (back = 0),
  count(*) FILTER (back = 0), sum(value) FILTER (back = 0), sum(value) FILTER (back = 1)
FROM contract WHERE firm AND back < 2 GROUP BY GROUPING SETS ((subregion), ()) HAVING count(*) FILTER (back = 0) > 0;

-- name: pivot countries
SELECT country, 1 - GROUPING(country) AS level, count(*) FILTER (back = 0),
  count(DISTINCT "customerId") FILTER (back = 0), sum(value) FILTER (back = 0), sum(value) FILTER (back = 1)
FROM contract WHERE firm AND back < 2 GROUP BY GROUPING SETS ((country), ()) HAVING count(*) FILTER (back = 0) > 0;

-- name: pivot forms
SELECT form, 1 - GROUPING(form) AS level, count(*) FILTER (back = 0),
  count(DISTINCT code) FILTER (back = 0), sum(value) FILTER (back = 0), sum(value) FILTER (back = 1)
FROM contract WHERE firm AND back < 2 GROUP BY GROUPING SETS ((form), ()) HAVING count(*) FILTER (back = 0) > 0;

-- name: pivot products
SELECT "productGroup", 1 - GROUPING("productGroup") AS level, count(*) FILTER (back = 0),
  count(DISTINCT code) FILTER (back = 0), sum(value) FILTER (back = 0), sum(value) FILTER (back = 1)
FROM contract WHERE firm AND back < 2 GROUP BY GROUPING SETS (("productGroup"), ()) HAVING count(*) FILTER (back = 0) > 0;

-- name: pivot categories
SELECT supply, 1 - GROUPING(supply) AS level, count(*), sum(value)
FROM contract WHERE firm AND back = 0 GROUP BY GROUPING SETS ((supply), ());

-- name: pivot topCustomers
WITH grouped AS (
  SELECT customer, "customerId" AS id, count(*) AS contracts, sum(value) AS worth
  FROM contract WHERE firm AND back = 0 GROUP BY ALL
), ranked AS (
  SELECT *, row_number() OVER (ORDER BY worth DESC NULLS LAST, lower(customer), customer, lower(id), id) AS place FROM grouped
)
SELECT min(customer) FILTER (place <= 20), min(id) FILTER (place <= 20), least(place, 21) AS rank,
  count(*), sum(contracts), sum(worth)
FROM ranked GROUP BY rank ORDER BY rank;

-- name: data Contract data
SELECT id, number, title, kind, "parentContractId", "customerId", customer, country, region, supply, "productGroup", form,
  "signedDate", CAST(getvariable('this_year') - back AS VARCHAR), "inForceDate", "period/startDate", "period/endDate", status, "statusDate",
  "value/amount", "value/currency", at_signing, rate, rate_day, value, constant, CASE WHEN firm THEN 'Yes' ELSE 'No' END,
  CASE WHEN firm AND back = 0 THEN 'Yes' ELSE 'No' END
FROM contract ORDER BY "signedDate", id, record;

-- name: data Partner data
SELECT id, name, aliases, roles, "countryCode", country, region, subregion, "formerSuppliers", "parentId", "activeFrom", "activeTo",
  CASE WHEN id IN (SELECT "customerId" FROM contract WHERE firm AND back = 0) THEN 'Yes' ELSE 'No' END,
  CASE WHEN id IN (SELECT id FROM contributor WHERE active & 1 = 1) THEN 'Yes' ELSE 'No' END
FROM partner ORDER BY id, row;

-- name: data Customer standings
SELECT entity, p.name, p.country, p.region, CAST(getvariable('this_year') - back AS VARCHAR), status, first_date, rows, amount,
  p."formerSuppliers", CASE WHEN status = 'New' AND back = 0 THEN 'Yes' ELSE 'No' END, CASE WHEN back = 0 THEN 'Yes' ELSE 'No' END
FROM customer c LEFT JOIN partner p ON p.id = c.entity ORDER BY status, p.name, back DESC, entity;

-- name: data Order book entries
SELECT movement, contract, date, currency, original, amount FROM entry ORDER BY date, contract, movement, row;

-- name: data Payment data
SELECT contract, id, date, "value/amount", "value/currency", country, region, value, CASE WHEN back = 0 THEN 'Yes' ELSE 'No' END
FROM payment ORDER BY date, contract, row;
