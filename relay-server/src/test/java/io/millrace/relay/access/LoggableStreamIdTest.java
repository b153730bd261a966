package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggableStreamIdTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', commentCharacter = '~', textBlock = """
            live/cam1                                   | live/cam1
            #!::r=live/cam1,m=publish,u=bob             | #!::r=live/cam1,m=publish,u=bob
            #!::bmd_uuid=1-2,bmd_name=ATEM Mini,u=cam1  | #!::bmd_uuid=1-2,bmd_name=ATEM Mini,u=cam1
            #!::r=x,s=secret,m=publish                  | #!::r=x,s=***,m=publish
            #!::s=secret                                | #!::s=***
            #!:s=secret,r=x                             | #!:s=***,r=x
            s=secret,r=x                                | s=***,r=x
            #!::r=x,s=sec,ret,m=publish                 | #!::r=x,s=***,m=publish
            #!::r=x,s=sec=ret==                         | #!::r=x,s=***
            #!::r=x,s=a&u=secret                        | #!::r=x,s=***
            #!::r=x,s=a?u=secret{u=secret               | #!::r=x,s=***
            #!::r=x,s =secret                           | #!::r=x,s =***
            #!::r=x,password=secret,acme_key=secret     | #!::r=x,password=***,acme_key=***
            #!:{r=x,auth={key=secret},m=publish}        | #!:{r=x,auth=***,m=publish}
            #!:{s=secret                                | #!:{s=***
            %23!::r=x,s=secret                          | #!::r=x,s=***
            r%3Dx%2Cs%3Dsecret                          | r=x,s=***
            live/cam1?a=secret&b=c                      | live/cam1?a=***
            publish:cam1                                | publish:cam1
            publish:cam1:bob:secret                     | publish:cam1:bob:***
            publish:cam1:bob:sec:ret:x=y                | publish:cam1:bob:***
            publish:cam1:secret                         | publish:cam1:***
            read:cam1:token=secret                      | read:cam1:token=***
            publish%3Acam1%3Abob%3Asecret               | publish:cam1:bob:***
            cam1,mode:publish,token:sec,ret             | cam1,mode:publish,token:***
            cam1,token:sec=ret,mode:publish             | cam1,token:***,mode:publish
            cam1,token:secret,mode:publish,token:secret | cam1,token:***,mode:publish,token:***
            srt://bob:sec/ret@example.com/live/cam1     | srt://***@example.com/live/cam1
            #!::r=x%2Cs%3Dsecret | #!::r=x%2Cs%3D***
            s%253dsecret%3D | s%3D***
            x%00%2Cs%3dsecret%3D | x%00%2Cs%3D***
            srt://example.com/live/cam1                 | srt://example.com/live/cam1
            s%25253dsecret                              | s%253D***
            publish%253acam1%253Abob%253Asecret         | publish%3A***
            publish%3Acam1%3Abob%3Asecret%00            | publish%3A***
            Publish:cam1:bob:secret                     | Publish:cam1:bob:***
            rtmp://bob:secret@example.com/live/cam1     | rtmp://***@example.com/live/cam1
            #!::r=srt://bob:secret@example.com/cam1     | #!::r=srt://***@example.com/cam1
            publish:cam1:bob:sec://ret@example          | publish:cam1:bob:***
            cam1,mode:publish,token:sec://ret@example   | cam1,mode:publish,token:***
            """)
    void valuesThatMayBeSecretAreHidden(String streamId, String shown) {
        assertThat(LoggableStreamId.of(streamId)).isEqualTo(shown);
    }

    @Test
    void invisibleCharactersAreEscaped() {
        assertThat(LoggableStreamId.of("a\nb\u0000\u202Ec\u2028\uD83C"))
                .isEqualTo("a\\u000ab\\u0000\\u202ec\\u2028\\ud83c");
        assertThat(LoggableStreamId.of("Küche 東京 \uD83C\uDFA5 \uFFFD")).isEqualTo("Küche 東京 \uD83C\uDFA5 \uFFFD");
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        assertThat(LoggableStreamId.of("x".repeat(100_000)))
                .hasSize(LoggableStreamId.MAX_LENGTH)
                .endsWith("xx…");
        assertThat(LoggableStreamId.of("x".repeat(128))).isEqualTo("x".repeat(128));
        assertThat(LoggableStreamId.of("x".repeat(126) + "\uD83C\uDFA5\uD83C\uDFA5"))
                .isEqualTo("x".repeat(126) + "…");
        assertThat(LoggableStreamId.of("\n".repeat(50)))
                .hasSizeLessThanOrEqualTo(128)
                .endsWith("\\u000a…");
    }

    @Test
    void nothingToShowIsEmpty() {
        assertThat(LoggableStreamId.of("")).isEmpty();
    }
}
