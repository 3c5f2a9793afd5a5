package dev.kindstead.query;

import dev.kindstead.model.Value;
import java.util.Map;

/**
 * The aggregations over all of a query's results.
 *
 * @param values by alias
 */
public record Aggregated(Map<String, Value.Content> values, Work work) {}
