-- table:   current_values                grain: one row per school and measure of which it has any row
-- reads:   measure_values, numbered_schools, measure_numbers
-- rule:    the latest figure that has a value, else the latest reason; rounded to six decimals, none of them -0
-- missing: a row with its reason; no row where the school is not in the release
-- numbers stand for schools, measures and periods: a million texts would be compared otherwise
with periods as (
    select period, row_number() over (order by period) as period_no
    from (select distinct coalesce(period, '') as period from measure_values)
),
newest as (
    select s.school_no, n.measure_no,
           arg_max(v.rowid,
                   case when v.value is null then 0 else 1000000000000 end
                   + date_diff('day', date '0001-01-01', coalesce(v.measured_on, date '0001-01-01')) * 100000
                   + p.period_no) as id
    from measure_values as v
    inner join numbered_schools as s using (urn)
    inner join measure_numbers as n using (measure_id)
    inner join periods as p on p.period = coalesce(v.period, '')
    group by s.school_no, n.measure_no
)
select n.school_no, n.measure_no, v.period, round(v.value, 6) + 0.0 as value, round(v.lower, 6) + 0.0 as lower,
       round(v.upper, 6) + 0.0 as upper, v.missing_reason, v.measured_on, v.weight
from newest as n
inner join measure_values as v on v.rowid = n.id
order by n.measure_no, n.school_no
