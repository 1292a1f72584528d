-- table:   la_group_figures              grain: one row per LA (or England), subject of a figure, group and year
-- reads:   stg_la_indicators_rows, group_indicators
-- rule:    a year's figure counts from the end of the calendar year in which the pupils were tested
-- missing: the publisher's own reason; context only, no rule reads it
with published as (
    select i.scope, i.la_code, g.topic, g.pupil_group, i.year_as_published::integer as year, i.value,
           if(i.value is null, coalesce(i.value_missing, 'blank'), null) as missing_reason,
           i.release_id, i.row_number, i.published_on, i.imported_at
    from stg_la_indicators_rows as i
    inner join group_indicators as g using (indicator)
    where i.scope in ('national', 'la') and regexp_full_match(i.year_as_published, '20[0-9]{2}')
),
final as (
    select scope, if(scope = 'la', la_code, null) as la_code, topic, pupil_group, year,
           format('{}-{}', year - 1, year) as period, value, missing_reason, release_id, row_number as source_row
    from published
    where make_date(year, 12, 31) <= $as_at
    qualify row_number() over (
        partition by scope, if(scope = 'la', la_code, null), topic, pupil_group, year
        order by published_on desc, imported_at desc, release_id, row_number
    ) = 1
)
select * from final
order by topic, pupil_group, scope, la_code, year
