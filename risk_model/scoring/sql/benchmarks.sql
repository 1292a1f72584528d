-- table:   benchmarks                    grain: one row per measure, period, phase group and scope
-- reads:   stg_*_summary, stg_ks2, stg_ks4, stg_ks4_destinations, stg_absence, schools
-- rule:    the release's own national and LA rows; where none was published, the pupils of the schools loaded
--          together, if those are at least half of the schools of the phase
-- missing: no row
with published as (
    select 'rwm_expected_pct' as measure_id, period, phase_group, scope, la_code, rwm_expected_pct as value,
           release_id, row_number from stg_ks2_summary
    union all by name
    select 'rwm_disadvantaged_pct' as measure_id, period, phase_group, scope, la_code,
           rwm_disadvantaged_pct as value, release_id, row_number from stg_ks2_summary
    union all by name
    select 'attainment8_score' as measure_id, period, phase_group, scope, la_code, attainment8_score as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'attainment8_disadvantaged_score' as measure_id, period, phase_group, scope, la_code,
           attainment8_disadvantaged_score as value, release_id, row_number from stg_ks4_summary
    union all by name
    select 'progress8_score' as measure_id, period, phase_group, scope, la_code, progress8_score as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'basics_grade5_pct' as measure_id, period, phase_group, scope, la_code, basics_grade5_pct as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'reading_expected_pct' as measure_id, period, phase_group, scope, la_code, reading_expected_pct as value,
           release_id, row_number from stg_ks2_summary
    union all by name
    select 'writing_expected_pct' as measure_id, period, phase_group, scope, la_code, writing_expected_pct as value,
           release_id, row_number from stg_ks2_summary
    union all by name
    select 'maths_expected_pct' as measure_id, period, phase_group, scope, la_code, maths_expected_pct as value,
           release_id, row_number from stg_ks2_summary
    union all by name
    select 'spelling_expected_pct' as measure_id, period, phase_group, scope, la_code, spelling_expected_pct as value,
           release_id, row_number from stg_ks2_summary
    union all by name
    select 'reading_score' as measure_id, period, phase_group, scope, la_code, reading_score as value,
           release_id, row_number from stg_ks2_summary
    union all by name
    select 'maths_score' as measure_id, period, phase_group, scope, la_code, maths_score as value,
           release_id, row_number from stg_ks2_summary
    union all by name
    select 'spelling_score' as measure_id, period, phase_group, scope, la_code, spelling_score as value,
           release_id, row_number from stg_ks2_summary
    union all by name
    select 'attainment8_english_score' as measure_id, period, phase_group, scope, la_code, attainment8_english_score as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'attainment8_maths_score' as measure_id, period, phase_group, scope, la_code, attainment8_maths_score as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'attainment8_ebacc_score' as measure_id, period, phase_group, scope, la_code, attainment8_ebacc_score as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'attainment8_open_score' as measure_id, period, phase_group, scope, la_code, attainment8_open_score as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'progress8_disadvantaged_score' as measure_id, period, phase_group, scope, la_code, progress8_disadvantaged_score as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'rwm_others_pct' as measure_id, period, phase_group, scope, la_code, rwm_others_pct as value,
           release_id, row_number from stg_ks2_summary
    union all by name
    select 'attainment8_others_score' as measure_id, period, phase_group, scope, la_code, attainment8_others_score as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'basics_grade5_disadvantaged_pct' as measure_id, period, phase_group, scope, la_code, basics_grade5_disadvantaged_pct as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'basics_grade5_others_pct' as measure_id, period, phase_group, scope, la_code, basics_grade5_others_pct as value,
           release_id, row_number from stg_ks4_summary
    union all by name
    select 'sustained_pct' as measure_id, period, phase_group, scope, la_code, sustained_pct as value,
           release_id, row_number from stg_ks4_destinations_summary
    union all by name
    select 'persistent_absence_pct' as measure_id, period, phase_group, scope, null as la_code,
           persistent_absence_pct as value, release_id, row_number from stg_absence_summary
    union all by name
    select 'absence_pct' as measure_id, period, phase_group, scope, null as la_code, absence_pct as value,
           release_id, row_number from stg_absence_summary
    union all by name
    select 'fsm6_pct' as measure_id, period, phase_group, scope, null as la_code, fsm6_pct as value,
           release_id, row_number from stg_census_summary
),
figures as (
    select 'rwm_expected_pct' as measure_id, urn, period, rwm_expected_pct as value, pupils from stg_ks2
    union all by name
    select 'rwm_disadvantaged_pct' as measure_id, urn, period, rwm_disadvantaged_pct as value,
           disadvantaged_pupils as pupils from stg_ks2
    union all by name
    select 'attainment8_score' as measure_id, urn, period, attainment8_score as value, pupils from stg_ks4
    union all by name
    select 'progress8_score' as measure_id, urn, period, progress8_score as value, pupils from stg_ks4
    union all by name
    select 'basics_grade5_pct' as measure_id, urn, period, basics_grade5_pct as value, pupils from stg_ks4
    union all by name
    select 'reading_expected_pct' as measure_id, urn, period, reading_expected_pct as value, pupils from stg_ks2
    union all by name
    select 'writing_expected_pct' as measure_id, urn, period, writing_expected_pct as value, pupils from stg_ks2
    union all by name
    select 'maths_expected_pct' as measure_id, urn, period, maths_expected_pct as value, pupils from stg_ks2
    union all by name
    select 'spelling_expected_pct' as measure_id, urn, period, spelling_expected_pct as value, pupils from stg_ks2
    union all by name
    select 'reading_score' as measure_id, urn, period, reading_score as value, pupils from stg_ks2
    union all by name
    select 'maths_score' as measure_id, urn, period, maths_score as value, pupils from stg_ks2
    union all by name
    select 'spelling_score' as measure_id, urn, period, spelling_score as value, pupils from stg_ks2
    union all by name
    select 'attainment8_english_score' as measure_id, urn, period, attainment8_english_score as value, pupils from stg_ks4
    union all by name
    select 'attainment8_maths_score' as measure_id, urn, period, attainment8_maths_score as value, pupils from stg_ks4
    union all by name
    select 'attainment8_ebacc_score' as measure_id, urn, period, attainment8_ebacc_score as value, pupils from stg_ks4
    union all by name
    select 'attainment8_open_score' as measure_id, urn, period, attainment8_open_score as value, pupils from stg_ks4
    union all by name
    select 'progress8_disadvantaged_score' as measure_id, urn, period, progress8_disadvantaged_score as value,
           disadvantaged_pupils as pupils from stg_ks4
    union all by name
    select 'sustained_pct' as measure_id, urn, period, sustained_pct as value, pupils from stg_ks4_destinations
    union all by name
    select 'persistent_absence_pct' as measure_id, urn, period, persistent_absence_pct as value,
           null::double as pupils from stg_absence
),
sizes as (
    select phase_group, count(*) as schools from schools where is_mainstream group by phase_group
),
together as (
    select f.measure_id, f.period, s.phase_group, 'national' as scope,
           round(sum(f.value * coalesce(f.pupils, s.year_group_estimate))
                 / nullif(sum(coalesce(f.pupils, s.year_group_estimate)), 0), 6) as value
    from figures as f
    inner join schools as s using (urn)
    inner join sizes as z using (phase_group)
    where f.value is not null and coalesce(f.pupils, s.year_group_estimate) > 0
    group by f.measure_id, f.period, s.phase_group, z.schools
    having count(*) * 2 >= z.schools
),
every_one as (
    select measure_id, period, phase_group as phase, scope, la_code, value, 'published' as origin,
           release_id, row_number
    from published where value is not null
    union all by name
    select t.measure_id, t.period, t.phase_group as phase, t.scope, null as la_code, t.value,
           'schools loaded' as origin, null as release_id, null::integer as row_number
    from together as t
),
final as (
    select measure_id, period, phase, scope, la_code, value, origin, release_id, row_number
    from every_one
    qualify row_number() over (
        partition by measure_id, period, phase, scope, la_code order by origin, release_id
    ) = 1
)
select * from final
order by measure_id, period, phase, scope, la_code
