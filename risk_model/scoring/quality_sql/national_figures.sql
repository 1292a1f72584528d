-- table:   national_figures              grain: one row per year, set of schools, and England or one LA
-- reads:   figures (one row per school: period, la_code, value, weight, kind)
-- rule:    weighted by pupils; schools of which the file does not say the kind may belong or not, so what they could
--          add stands apart, those above the figure and those below it
-- missing: schools without a value are counted, with their pupils where the file has them
with sets as (
    select * from (values ('state-funded'), ('mainstream'), ('every')) as s (set_name)
),
belonging as (
    select f.*, s.set_name,
           case when s.set_name = 'every' or f.kind = 'mainstream' then 'in'
                when s.set_name = 'state-funded' and f.kind in ('special', 'alternative provision', 'nursery') then 'in'
                when f.kind is null then 'may be in'
                when s.set_name = 'state-funded' and f.kind in ('non-maintained special', 'college') then 'may be in'
                else 'out' end as role
    from figures as f cross join sets as s
),
placed as (
    select *, unnest(if(la_code is null, ['England'], ['England', la_code])) as place from belonging where role <> 'out'
),
middles as (
    select period, set_name, place, sum(value * weight) / nullif(sum(weight), 0) as middle
    from placed
    where role = 'in' and value is not null and weight > 0
    group by period, set_name, place
),
final as (
    select p.period, p.set_name, p.place,
           count(*) filter (role = 'in' and value is not null and weight > 0) as schools,
           coalesce(sum(value * weight) filter (role = 'in' and value is not null and weight > 0), 0) as total,
           coalesce(sum(weight) filter (role = 'in' and value is not null and weight > 0), 0) as pupils,
           coalesce(sum(weight * weight) filter (role = 'in' and value is not null and weight > 0), 0) as squares,
           avg(value) filter (role = 'in') as unweighted,
           count(*) filter (role = 'in' and value is null) as without_value,
           count(*) filter (role = 'in' and value is null and is_suppressed) as suppressed,
           count(*) filter (role = 'in' and value is null and weight is null) as without_either,
           coalesce(sum(weight) filter (role = 'in' and value is null), 0) as pupils_without_value,
           count(*) filter (role = 'may be in' and value is not null) as optional_schools,
           coalesce(sum(value * weight) filter (role = 'may be in' and value >= m.middle and weight > 0), 0) as total_above,
           coalesce(sum(weight) filter (role = 'may be in' and value >= m.middle and weight > 0), 0) as pupils_above,
           coalesce(sum(value * weight) filter (role = 'may be in' and value < m.middle and weight > 0), 0) as total_below,
           coalesce(sum(weight) filter (role = 'may be in' and value < m.middle and weight > 0), 0) as pupils_below
    from placed as p
    left join middles as m using (period, set_name, place)
    group by p.period, p.set_name, p.place
)
select * from final order by period, set_name, place
