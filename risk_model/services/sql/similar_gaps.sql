-- list:    one row per school in scope: its figure of one measure beside those of its similar schools
-- reads:   schools, measure_values, similar_schools, intakes
-- missing: reason says why a school has no figure; no_group why it has no similar schools; a school of which the
--          release has no row has the reason not_in_release
-- results of three years stand once for each school; what is published by year is compared within the year
with asked as (
    select s.urn, s.name, s.phase, s.phase_group
    from schools as s
    where ($la_code is null or s.la_code = $la_code)
        and ($locality is null or s.locality = $locality)
        and ($phase is null or s.phase = $phase)
),
wanted as (
    select urn from asked
    union
    select s.similar_urn from similar_schools as s inner join asked using (urn)
),
shown as (
    select v.urn, v.period, v.measured_on, v.missing_reason, v.denominator, v.inherited_from,
           if($is_pooled, v.figure, v.value) as figure,
           -- the limits of a gap are those of the figure, as far from it
           if($is_pooled, v.figure, v.value) + v.lower - v.value as lower,
           if($is_pooled, v.figure, v.value) + v.upper - v.value as upper
    from measure_values as v
    where v.measure_id = $measure and v.urn in (select urn from wanted)
),
own as (
    select s.urn, s.name, s.phase, s.phase_group, x.* exclude (urn)
    from asked as s
    left join shown as x on x.urn = s.urn
    qualify row_number() over (
        partition by s.urn
        order by case when x.missing_reason is null then 0 else 1 end, x.measured_on desc nulls last, x.period desc
    ) = 1
),
compared as (
    select o.urn, count(*) as similar_schools, avg(x.figure) as average,
           quantile_cont(x.figure, 0.1) as low, quantile_cont(x.figure, 0.9) as high
    from own as o
    inner join similar_schools as s on s.urn = o.urn
    inner join shown as x on x.urn = s.similar_urn and ($is_pooled or x.period = o.period)
    where o.figure is not null and x.figure is not null and x.missing_reason is null
    group by o.urn
),
final as (
    select o.urn, o.name, o.phase, o.phase_group, o.period, o.denominator as pupils, o.inherited_from,
           case when o.missing_reason is null then o.figure end as figure,
           case when o.missing_reason is null then o.lower end as lower,
           case when o.missing_reason is null then o.upper end as upper,
           coalesce(o.missing_reason, if(o.figure is null, 'not_in_release', null)) as reason,
           i.missing_reason as no_group, coalesce(c.similar_schools, 0) as similar_schools,
           c.average, c.low, c.high, i.fsm6_pct, i.prior_score, i.eal_pct, i.year_group
    from own as o
    left join compared as c on c.urn = o.urn
    left join intakes as i on i.urn = o.urn
)
select * from final
order by name, urn
