-- table:   result_figures                grain: one row per school, figure and year
-- reads:   stg_ks2, stg_ks4, schools
-- rule:    figures of subjects and of groups of pupils, for exploring; no rule reads them
-- missing: the school's own reason; no row where the file of the year does not have the column
with primary_figures as (
    select urn, period, release_id, row_number, unnest([
        {'figure_id': 'reading_expected_pct', 'value': reading_expected_pct,
         'missing': reading_expected_pct_missing, 'pupils': pupils},
        {'figure_id': 'writing_expected_pct', 'value': writing_expected_pct,
         'missing': writing_expected_pct_missing, 'pupils': pupils},
        {'figure_id': 'maths_expected_pct', 'value': maths_expected_pct,
         'missing': maths_expected_pct_missing, 'pupils': pupils},
        {'figure_id': 'reading_score', 'value': reading_score, 'missing': reading_score_missing, 'pupils': pupils},
        {'figure_id': 'maths_score', 'value': maths_score, 'missing': maths_score_missing, 'pupils': pupils},
        {'figure_id': 'spelling_score', 'value': spelling_score, 'missing': spelling_score_missing, 'pupils': pupils},
        {'figure_id': 'rwm_disadvantaged_pct', 'value': rwm_disadvantaged_pct,
         'missing': rwm_disadvantaged_pct_missing, 'pupils': disadvantaged_pupils},
        {'figure_id': 'rwm_others_pct', 'value': rwm_others_pct,
         'missing': rwm_others_pct_missing, 'pupils': coalesce(other_pupils, pupils - disadvantaged_pupils)},
        {'figure_id': 'rwm_eal_pct', 'value': rwm_eal_pct, 'missing': rwm_eal_pct_missing, 'pupils': eal_pupils}
    ], recursive := true)
    from stg_ks2
),
secondary_figures as (
    select urn, period, release_id, row_number, unnest([
        {'figure_id': 'attainment8_english_score', 'value': attainment8_english_score,
         'missing': attainment8_english_score_missing, 'pupils': pupils},
        {'figure_id': 'attainment8_maths_score', 'value': attainment8_maths_score,
         'missing': attainment8_maths_score_missing, 'pupils': pupils},
        {'figure_id': 'attainment8_ebacc_score', 'value': attainment8_ebacc_score,
         'missing': attainment8_ebacc_score_missing, 'pupils': pupils},
        {'figure_id': 'attainment8_open_score', 'value': attainment8_open_score,
         'missing': attainment8_open_score_missing, 'pupils': pupils},
        {'figure_id': 'ebacc_english_grade5_pct', 'value': ebacc_english_grade5_pct,
         'missing': ebacc_english_grade5_pct_missing, 'pupils': pupils},
        {'figure_id': 'ebacc_maths_grade5_pct', 'value': ebacc_maths_grade5_pct,
         'missing': ebacc_maths_grade5_pct_missing, 'pupils': pupils},
        {'figure_id': 'attainment8_disadvantaged_score', 'value': attainment8_disadvantaged_score,
         'missing': attainment8_disadvantaged_score_missing, 'pupils': disadvantaged_pupils},
        {'figure_id': 'attainment8_others_score', 'value': attainment8_others_score,
         'missing': attainment8_others_score_missing, 'pupils': pupils - disadvantaged_pupils},
        {'figure_id': 'basics_grade5_disadvantaged_pct', 'value': basics_grade5_disadvantaged_pct,
         'missing': basics_grade5_disadvantaged_pct_missing, 'pupils': disadvantaged_pupils},
        {'figure_id': 'basics_grade5_others_pct', 'value': basics_grade5_others_pct,
         'missing': basics_grade5_others_pct_missing, 'pupils': pupils - disadvantaged_pupils},
        {'figure_id': 'attainment8_eal_score', 'value': attainment8_eal_score,
         'missing': attainment8_eal_score_missing, 'pupils': eal_pupils},
        {'figure_id': 'basics_grade5_eal_pct', 'value': basics_grade5_eal_pct,
         'missing': basics_grade5_eal_pct_missing, 'pupils': eal_pupils}
    ], recursive := true)
    from stg_ks4
),
every_one as (
    select * from primary_figures
    union all by name
    select * from secondary_figures
),
final as (
    select f.figure_id, f.urn, f.period, f.value, f.pupils,
           if(f.value is null, coalesce(f.missing, 'blank'), null) as missing_reason,
           f.release_id, f.row_number as source_row
    from every_one as f
    inner join schools as s using (urn)
    where f.value is not null or f.missing is distinct from 'not_in_file'
)
select * from final
order by figure_id, period, urn
