package dev.kindstead.protocol;

/**
 * One condition of readiness, as /readyz?verbose lists it.
 *
 * @param name without blanks, usable in /readyz?exclude=name
 * @param reason why it does not hold, empty when it does
 */
public record ReadinessCheck(String name, boolean holds, String reason) {}
