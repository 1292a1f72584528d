-- measure: deficit_years_count          unit: years (in a row), polarity: high is concern
-- grain:   one row per school and year   reads: stg_finance, schools
-- source:  finance (in-year balance below zero, this year and the year before)
-- missing: the school's own reason; no_earlier_figure where the year before is not loaded
with balances as (
    select urn, period, measured_on, year, release_id, published_on, row_number,
           coalesce(in_year_balance_gbp, (income_per_pupil_gbp - expenditure_per_pupil_gbp) * f.pupils) as balance,
           in_year_balance_gbp_missing as reason
    from stg_finance as f
    inner join schools using (urn)
),
final as (
    select now.urn, now.period, now.measured_on,
           if(now.balance >= 0, 0, 1 + (before.balance < 0)::integer) as value, now.balance as figure,
           case when now.balance is null then coalesce(now.reason, 'blank')
                when now.balance < 0 and before.balance is null then 'no_earlier_figure' end as missing_reason,
           now.release_id, now.published_on, now.row_number as source_row
    from balances as now
    left join balances as before on before.urn = now.urn and before.year = now.year - 1
)
select * from final
