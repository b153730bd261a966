package io.millrace.relay.net;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * Reads Linux's tables of UDP sockets, {@code /proc/net/udp} and {@code /proc/net/udp6}: a line of headings, then one for
 * each socket, with its fields between blanks. Whatever does not look so is left out.
 */
final class ProcNetUdp {
    private static final int INODE_FIELD = 9;
    private static final int DROPS_FIELD = 12;
    private static final int MAX_LINE_BYTES = 512;
    private static final int MAX_TABLE_BYTES = 64 << 20;
    private static final int MAX_DIGITS = 18;

    private ProcNetUdp() {}

    /**
     * The drops of those sockets that are in the table, by inode. The kernel counts them in 32 bits.
     *
     * @throws IOException if the table can't be read
     */
    static Map<Long, Long> drops(InputStream table, Set<Long> inodes) throws IOException {
        Map<Long, Long> found = new HashMap<>();
        InputStream buffered = new BufferedInputStream(table, 1 << 16);
        byte[] line = new byte[MAX_LINE_BYTES];
        int length = 0;
        for (int read = 0; read < MAX_TABLE_BYTES && found.size() < inodes.size(); read++) {
            int next = buffered.read();
            if (next == '\n' || next < 0) {
                if (length < MAX_LINE_BYTES) {
                    readLine(new String(line, 0, length, StandardCharsets.ISO_8859_1), inodes, found);
                }
                length = 0;
                if (next < 0) {
                    break;
                }
            } else if (length < MAX_LINE_BYTES) {
                line[length++] = (byte) next;
            }
        }
        return found;
    }

    private static void readLine(String line, Set<Long> inodes, Map<Long, Long> found) {
        StringTokenizer fields = new StringTokenizer(line);
        if (fields.countTokens() <= DROPS_FIELD) {
            return;
        }
        long inode = -1;
        for (int i = 0; i < DROPS_FIELD; i++) {
            String field = fields.nextToken();
            if (i == INODE_FIELD) {
                inode = number(field);
            }
        }
        long drops = number(fields.nextToken());
        if (drops >= 0 && inodes.contains(inode)) {
            found.put(inode, drops & 0xFFFF_FFFFL);
        }
    }

    /** -1 if it is none. */
    private static long number(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = 10 * number + (digit - '0');
        }
        return number;
    }
}
