using Moldau.Broker.Settings;
using Xunit;

namespace Moldau.Unit.Broker.Settings;

public class ListenerSettingTests
{
    private static readonly SettingLayers Layers = SettingLayers.Empty with
    {
        Node = new Dictionary<string, string> { ["max.connections"] = "5", ["listener.name.outside.ssl.client.auth"] = "required" },
        Start = new Dictionary<string, string>
        {
            ["listener.name.outside.max.connections"] = "70",
            ["ssl.client.auth"] = "requested",
            ["connections.max.reauth.ms"] = "1",
            ["listener.name.outside.connections.max.reauth.ms"] = "2",
            ["listener.name.outside.scram-sha-256.connections.max.reauth.ms"] = "3",
            ["listener.name.outside.plain.sasl.jaas.config"] = "geheim",
        },
    };

    [Fact]
    public void A_listeners_own_value_comes_before_the_brokers_whoever_set_them()
    {
        Assert.Equal(70, SettingValues.OfListener(Layers, "OUTSIDE").Int("max.connections"));
        Assert.Equal(5, SettingValues.OfListener(Layers, "INSIDE").Int("max.connections"));
        Assert.Equal("required", SettingValues.OfListener(Layers, "Outside").Text("ssl.client.auth"));
        Assert.Equal("requested", SettingValues.OfListener(Layers, "INSIDE").Text("ssl.client.auth"));
        Assert.Equal("TLSv1.3", SettingValues.OfListener(Layers, "OUTSIDE").Text("ssl.protocol"));
        Assert.Null(SettingValues.OfListener(Layers, "OUTSIDE").OptionalText("ssl.keystore.location"));
    }

    [Fact]
    public void A_mechanisms_value_comes_before_its_listeners()
    {
        Assert.Equal(3, SettingValues.OfListener(Layers, "OUTSIDE", "SCRAM-SHA-256").Long("connections.max.reauth.ms"));
        Assert.Equal(2, SettingValues.OfListener(Layers, "OUTSIDE", "PLAIN").Long("connections.max.reauth.ms"));
        Assert.Equal(1, SettingValues.OfListener(Layers, "INSIDE", "PLAIN").Long("connections.max.reauth.ms"));
        Assert.Equal("geheim", SettingValues.OfListener(Layers, "OUTSIDE", "PLAIN").OptionalText("sasl.jaas.config"));
        Assert.Null(SettingValues.OfListener(Layers, "OUTSIDE").OptionalText("sasl.jaas.config"));
    }
}
