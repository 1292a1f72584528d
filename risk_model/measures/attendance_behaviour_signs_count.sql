-- measure: attendance_behaviour_signs_count   unit: signs, polarity: high is concern
-- grain:   one row per school            reads: measure_values
-- source:  the latest figures of O10 and O11 (persistent absence; suspensions and exclusions), not their outcomes
-- missing: the reason of the figure that is lacking; not_in_release where a school has no row of it
with days as (
    select urn, measure_id,
           coalesce(max(measured_on) filter (where value is not null), max(measured_on)) as measured_on
    from measure_values
    where measure_id in ('persistent_absence_rank_pct', 'persistent_absence_gap_change_pp', 'suspensions_rank_pct',
                         'permanent_exclusions_rank_pct')
    group by urn, measure_id
),
-- each of the four has one row for a school and year
latest as (
    select v.urn, v.measure_id, round(v.value, 6) as value, v.missing_reason, v.period, v.measured_on, v.published_on,
           v.release_id, v.source_row, v.inherited_from
    from measure_values as v
    inner join days as d on d.urn = v.urn and d.measure_id = v.measure_id and d.measured_on = v.measured_on
),
together as (
    select a.urn, a.value as absence, a.missing_reason as absence_missing, a.period, a.published_on, a.release_id,
           a.source_row, a.measured_on as absence_on, c.value as absence_change, c.measured_on as change_on,
           s.value as suspensions, s.missing_reason as suspensions_missing, p.value as exclusions,
           case when s.value is not null then s.measured_on else p.measured_on end as behaviour_on,
           coalesce(a.inherited_from, s.inherited_from, p.inherited_from) as inherited_from
    from latest as a
    left join latest as c on c.urn = a.urn and c.measure_id = 'persistent_absence_gap_change_pp'
    left join latest as s on s.urn = a.urn and s.measure_id = 'suspensions_rank_pct'
    left join latest as p on p.urn = a.urn and p.measure_id = 'permanent_exclusions_rank_pct'
    where a.measure_id = 'persistent_absence_rank_pct'
),
-- the numbers are those of O10 and O11; a test holds them together
signs as (
    select *,
           case when absence is null then null
                when absence >= 90 then 1
                when absence >= 80 and not coalesce(absence_change <= -1 and change_on >= absence_on, false) then 1
                else 0 end as absence_sign,
           case when suspensions >= 90 or exclusions >= 90 then 1
                when suspensions is not null or exclusions is not null then 0 end as behaviour_sign
    from together
),
final as (
    select urn, period, case when behaviour_on < absence_on then behaviour_on else absence_on end as measured_on,
           published_on, absence_sign + behaviour_sign as value,
           case when absence_sign is null then coalesce(absence_missing, 'not_in_release')
                when behaviour_sign is null then coalesce(suspensions_missing, 'not_in_release') end as missing_reason,
           nullif(concat_ws('; ', case when absence_sign = 1 then 'persistent absence is among the highest' end,
                            case when behaviour_sign = 1 then 'suspensions or exclusions are among the highest' end,
                            case when inherited_from is not null
                                 then concat('rests on figures of the predecessor school (URN ', inherited_from,
                                             '), so it counts for half') end), '') as caveat,
           case when inherited_from is null then 1.0 else 0.5 end as weight, inherited_from, release_id, source_row
    from signs
)
select * from final
