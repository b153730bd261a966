package io.millrace.cluster;

class LocalStreamRegistryTest extends StreamRegistryContract {
    @Override
    protected StreamRegistry newRegistry() {
        return new LocalStreamRegistry();
    }
}
