"""Names that pandas frames have: which methods give the same rows, and which arguments name columns."""

from __future__ import annotations

KEEPING = frozenset(
    "head tail copy sort_values sort_index reset_index set_index drop drop_duplicates dropna fillna astype "
    "query groupby filter nlargest nsmallest merge join agg aggregate transform explode sample where mask "
    "pivot_table pivot melt convert_dtypes infer_objects replace round reindex first last cumsum eval "
    "resample rolling map applymap shift rank clip add_prefix get_group to_period __enter__ "
    "select with_columns group_by sort lazy collect".split()
)
"""Methods whose result has the same columns, or may have."""

FRAME_ATTRIBUTES = frozenset(
    "abs all any append at attrs axes bool columns corr count cov describe diff dtypes duplicated empty "
    "equals iat idxmax idxmin iloc index info isna isnull items iterrows itertuples keys loc max mean "
    "median memory_usage min mode ndim notna notnull nunique plot prod quantile shape size squeeze "
    "stack std style sum swapaxes T take to_clipboard to_csv to_dict to_excel to_feather to_html "
    "to_json to_latex to_markdown to_numpy to_parquet to_pickle to_records to_sql to_string transpose "
    "unstack update value_counts values var xs hist boxplot assign rename insert apply pipe pop get "
    "isin ngroups groups indices ffill bfill interpolate div mul sub add str dt cat array dtype unique "
    "tolist to_list between nbytes hasnans".split()
)
"""What a frame has beside its columns."""

PROPERTIES = frozenset(
    "attrs axes dtypes empty index ndim shape size values ngroups groups indices array dtype nbytes "
    "hasnans".split()
)
"""Those of them that are no methods, and say nothing of the columns."""

POLARS = frozenset("select with_columns group_by sort filter agg unique drop".split())
"""Methods of polars' frames that take columns and expressions of columns."""

COLUMN_ARGUMENTS: dict[str, tuple[tuple[int | None, str], ...]] = {
    "sort_values": ((0, "by"),),
    "set_index": ((0, "keys"),),
    "drop": ((0, "labels"), (None, "columns")),
    "reindex": ((0, "labels"), (None, "columns")),
    "drop_duplicates": ((0, "subset"),),
    "duplicated": ((0, "subset"),),
    "dropna": ((None, "subset"),),
    "fillna": ((0, "value"),),
    "astype": ((0, "dtype"),),
    "groupby": ((0, "by"),),
    "filter": ((0, "items"),),
    "nlargest": ((1, "columns"),),
    "nsmallest": ((1, "columns"),),
    "merge": ((None, "on"), (None, "left_on")),
    "join": ((None, "on"),),
    "agg": ((0, "func"),),
    "aggregate": ((0, "func"),),
    "explode": ((0, "column"),),
    "pivot_table": ((0, "values"), (1, "index"), (2, "columns")),
    "pivot": ((None, "columns"), (None, "index"), (None, "values")),
    "melt": ((0, "id_vars"), (1, "value_vars")),
    "value_counts": ((0, "subset"),),
    "to_csv": ((None, "columns"),),
    "to_excel": ((None, "columns"),),
    "to_string": ((None, "columns"),),
    "to_html": ((None, "columns"),),
    "pop": ((0, "item"),),
    "get": ((0, "key"),),
    "isin": ((0, "values"),),
    "plot": ((None, "x"), (None, "y")),
    "hist": ((0, "column"),),
    "boxplot": ((0, "column"),),
    "get_group": (),
}
"""The arguments of each method that name columns: by position, if they have one, and by keyword."""
