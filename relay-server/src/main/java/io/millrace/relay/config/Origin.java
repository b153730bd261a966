package io.millrace.relay.config;

/**
 * Where a value was written.
 *
 * @param source the file, the variable of the environment, or the option of the command line
 * @param line line in the file, from 1; 0 for a variable or an option
 */
record Origin(String source, int line) {
    static Origin option(String name) {
        return new Origin(name, 0);
    }
}
