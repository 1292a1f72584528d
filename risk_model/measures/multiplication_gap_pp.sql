-- measure: multiplication_gap_pp   unit: percentage points, polarity: low is concern
-- grain:   one row per school            reads: pooled_shares
-- source:  early_results, held by the LA (all marks in the multiplication check), two years, minus national
-- missing: no_entries; too_few_pupils; no_benchmark where no national figure of the year is known yet
with final as (
    select urn, period, measured_on, figure - national as value, lower - national as lower,
           upper - national as upper, n as denominator, figure, national as benchmark, missing_reason,
           release_id, published_on, source_row, weight, caveat
    from pooled_shares
    where share_id = 'multiplication_pct'
)
select * from final
