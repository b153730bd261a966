package io.millrace.relay.tool;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A rate as people type it: {@code 5000000}, {@code 800k} or {@code 2.5M}.
 *
 * @param bitsPerSecond above 0
 */
record BitRate(long bitsPerSecond) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?)([kM]?)");
    private static final long LEAST = 1_000;
    private static final long MOST = 10_000_000_000L;

    /** For the command line. */
    static final class Converter implements ITypeConverter<BitRate> {
        @Override
        public BitRate convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (matcher.matches()) {
                int zeros = matcher.group(2).isEmpty() ? 0 : matcher.group(2).equals("k") ? 3 : 6;
                long rate =
                        new BigDecimal(matcher.group(1)).movePointRight(zeros).longValue();
                if (rate >= LEAST && rate <= MOST) {
                    return new BitRate(rate);
                }
            }
            throw new TypeConversionException("'" + text + "' is not a bit rate, such as 5000000, 800k or 2.5M");
        }
    }
}
