package query

import "strings"

// set makes a set of words.
func set(words string) map[string]bool {
	s := map[string]bool{}
	for _, w := range strings.Fields(words) {
		s[w] = true
	}
	return s
}

// fields are the fields of DuckDB's tree that this program knows, with the
// words each may hold; nil is a name, a number or another part of the tree. A
// field or word of a later DuckDB is refused until somebody has looked at it.
var fields = func() map[string]map[string]bool {
	known := map[string]map[string]bool{
		"class": set(`BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA OPERATOR
			POSITIONAL_REFERENCE STAR SUBQUERY WINDOW`),
		"type": set(`
			SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE CTE_NODE
			BASE_TABLE EMPTY EXPRESSION_LIST JOIN PIVOT SHOW_REF SUBQUERY TABLE_FUNCTION
			DISTINCT_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER ORDER_MODIFIER
			ASCENDING DESCENDING ORDER_DEFAULT
			ARRAY_CONSTRUCTOR ARRAY_EXTRACT ARRAY_SLICE STRUCT_EXTRACT ARROW CASE_EXPR COLLATE COLUMN_REF
			COMPARE_BETWEEN COMPARE_NOT_BETWEEN COMPARE_EQUAL COMPARE_NOTEQUAL COMPARE_LESSTHAN COMPARE_GREATERTHAN
			COMPARE_LESSTHANOREQUALTO COMPARE_GREATERTHANOREQUALTO COMPARE_IN COMPARE_NOT_IN
			COMPARE_DISTINCT_FROM COMPARE_NOT_DISTINCT_FROM CONJUNCTION_AND CONJUNCTION_OR
			FUNCTION GROUPING_FUNCTION LAMBDA POSITIONAL_REFERENCE STAR VALUE_CONSTANT VALUE_NULL
			OPERATOR_CAST OPERATOR_COALESCE OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_NOT OPERATOR_NULLIF
			OPERATOR_TRY OPERATOR_UNPACK
			WINDOW_AGGREGATE WINDOW_ROW_NUMBER WINDOW_RANK WINDOW_RANK_DENSE WINDOW_PERCENT_RANK WINDOW_CUME_DIST
			WINDOW_NTILE WINDOW_LAG WINDOW_LEAD WINDOW_FIRST_VALUE WINDOW_LAST_VALUE WINDOW_NTH_VALUE WINDOW_FILL
			ARRAY_TYPE_INFO DECIMAL_TYPE_INFO ENUM_TYPE_INFO GENERIC_TYPE_INFO LIST_TYPE_INFO STRING_TYPE_INFO
			STRUCT_TYPE_INFO INTEGER_LITERAL_TYPE_INFO UNBOUND_TYPE_INFO`),
		"show_type":          set("DESCRIBE SUMMARY SHOW_FROM SHOW_UNQUALIFIED"),
		"join_type":          set("INNER LEFT RIGHT FULL OUTER SEMI ANTI MARK SINGLE"),
		"ref_type":           set("REGULAR NATURAL CROSS POSITIONAL ASOF"),
		"setop_type":         set("UNION EXCEPT INTERSECT UNION_BY_NAME"),
		"subquery_type":      set("SCALAR EXISTS NOT_EXISTS ANY"),
		"aggregate_handling": set("STANDARD_HANDLING NO_AGGREGATES_ALLOWED FORCE_AGGREGATES"),
		"with_ordinality":    set("WITH_ORDINALITY WITHOUT_ORDINALITY"),
	}
	for name := range set(`
		aggregates alias aliases arg_orders case_checks cast_type catalog catalog_name child child_type child_types children
		collation column column_name_alias column_names columns comparison_type condition cte_map cte_name
		delim_flipped default_expr distinct distinct_on_targets duplicate_eliminated_columns else_expr end end_expr
		entries exclude_clause exclude_list expected_names expected_types export_state expr expression filter
		filter_expr first from_table function function_name group_expressions group_sets groups having id
		ignore_nulls include_nulls index input is_null is_operator is_percentage key key_targets left lhs limit
		lower map materialized method modifiers name named_param_map node null_order offset offset_expr order_bys
		orders partitions pivot_enum pivot_expressions pivots qualified_exclude_list qualify query relation_name
		rename_list repeatable replace_list right sample sample_size schema schema_name second seed select_list
		setop_all size source scale star_expr start start_expr subquery table table_name then_expr try_cast
		type_info union_all unpivot_names upper user_type_modifiers using_columns value values when_expr
		where_clause width`) {
		known[name] = nil
	}
	return known
}()

// typeNames are types with spaces in their names.
var typeNames = map[string]bool{"TIMESTAMP WITH TIME ZONE": true, "TIME WITH TIME ZONE": true}
