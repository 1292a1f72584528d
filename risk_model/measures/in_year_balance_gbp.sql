-- measure: in_year_balance_gbp           unit: pounds, polarity: low is concern
-- grain:   one row per school and year   reads: stg_finance, schools
-- source:  finance (In-year balance; or income minus expenditure per pupil, times pupils)
-- missing: the school's own reason
with final as (
    select urn, period, measured_on,
           coalesce(in_year_balance_gbp, (income_per_pupil_gbp - expenditure_per_pupil_gbp) * f.pupils) as value,
           case when coalesce(in_year_balance_gbp, (income_per_pupil_gbp - expenditure_per_pupil_gbp) * f.pupils)
                     is null
                then coalesce(nullif(in_year_balance_gbp_missing, 'not_in_file'), income_per_pupil_gbp_missing,
                              expenditure_per_pupil_gbp_missing, 'not_in_file') end as missing_reason,
           release_id, published_on, row_number as source_row
    from stg_finance as f
    inner join schools using (urn)
)
select * from final
