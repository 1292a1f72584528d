-- table:   current_values                grain: one row per school and measure
-- reads:   measure_values, numbered_schools, measure_numbers
-- rule:    the latest figure that has a value, else the latest reason; rounded to six decimals, none of them -0
-- missing: a row with its reason: of no school "not loaded", of others only "not in the release"
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
),
figures as (
    select w.school_no, w.measure_no, v.period, round(v.value, 6) + 0.0 as value, round(v.lower, 6) + 0.0 as lower,
           round(v.upper, 6) + 0.0 as upper, v.missing_reason, v.measured_on, v.weight
    from newest as w
    inner join measure_values as v on v.rowid = w.id
)
select s.school_no, n.measure_no, s.phase, f.period, f.value, f.lower, f.upper,
       case when f.value is null
            then coalesce(f.missing_reason, case when n.is_loaded then 'not_in_release' else 'not_loaded' end)
            end as missing_reason,
       f.measured_on, coalesce(f.weight, 1) as weight
from numbered_schools as s
cross join measure_numbers as n
left join figures as f on f.school_no = s.school_no and f.measure_no = n.measure_no
order by n.measure_no, s.school_no
