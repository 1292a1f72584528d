-- measure: rwm_newest_similar_rank_pct   unit: percentile (0 = lowest), polarity: low is concern
-- grain:   one row per school and year   reads: stg_ks2, schools, similar_schools
-- source:  ks2 (PTRWM_EXP of one year), the share of its similar schools that were lower; benchmark is their average
-- missing: the school's own reason; too_few_pupils at ten or fewer; no_similar_schools where fewer than twenty of them have a figure
with own as (
    select k.urn, k.period, k.measured_on, k.pupils, k.release_id, k.published_on, k.row_number,
           round(k.rwm_expected_pct, 6) as figure,
           case when k.rwm_expected_pct is null then coalesce(k.rwm_expected_pct_missing, 'blank')
                when coalesce(k.pupils, s.year_group_estimate) <= 10 then 'too_few_pupils' end as reason
    from stg_ks2 as k
    inner join schools as s using (urn)
    where s.is_mainstream
),
compared as (
    select own.urn, own.period, count(*) as schools, round(avg(cast(other.figure as decimal(18, 6))), 6) as average,
           count(*) filter (where other.figure < own.figure) as lower_schools
    from similar_schools as s
    inner join own on own.urn = s.urn
    inner join own as other on other.urn = s.similar_urn and other.period = own.period
    where own.reason is null and other.reason is null
    group by own.urn, own.period
),
final as (
    select o.urn, o.period, o.measured_on,
           case when c.schools >= 20 then round(100.0 * c.lower_schools / c.schools, 6) end as value,
           o.figure, case when c.schools >= 20 then c.average end as benchmark, o.pupils as denominator,
           case when o.reason is not null then o.reason
                when c.schools is null or c.schools < 20 then 'no_similar_schools' end as missing_reason,
           o.release_id, o.published_on, o.row_number as source_row
    from own as o
    left join compared as c on c.urn = o.urn and c.period = o.period
)
select * from final
