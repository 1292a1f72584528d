-- measure: roll_change_pct              unit: percent (over three years), polarity: low is concern
-- grain:   one row per school and year   reads: stg_census, schools
-- source:  census (NOR against three years before)
-- missing: the school's own reason; no_earlier_figure where that year is not loaded
with final as (
    select now.urn, now.period, now.measured_on, 100 * (now.pupils - before.pupils) / nullif(before.pupils, 0) as value,
           now.pupils as figure, before.pupils as benchmark,
           case when now.pupils is null then now.pupils_missing
                when before.pupils is null or before.pupils = 0 then 'no_earlier_figure' end as missing_reason,
           now.release_id, now.published_on, now.row_number as source_row
    from stg_census as now
    inner join schools using (urn)
    left join stg_census as before on before.urn = now.urn and before.year = now.year - 3
)
select * from final
