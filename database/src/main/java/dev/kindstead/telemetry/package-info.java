/**
 * What a node tells about itself: log lines on standard error ({@link
 * dev.kindstead.telemetry.Logging}) and the process's own numbers ({@link
 * dev.kindstead.telemetry.ProcessMetrics}).
 *
 * <p>Rooms log through slf4j; what they count is registered where they are wired ({@code server})
 * or served ({@code protocol}). Names of metrics: docs/operations/metrics.md.
 */
@NullMarked
package dev.kindstead.telemetry;

import org.jspecify.annotations.NullMarked;
