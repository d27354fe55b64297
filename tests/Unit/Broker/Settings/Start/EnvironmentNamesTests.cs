using Moldau.Broker.Settings;
using Moldau.Broker.Settings.Start;
using Xunit;

namespace Moldau.Unit.Broker.Settings.Start;

public class EnvironmentNamesTests
{
    [Fact]
    public void Every_setting_has_a_variable_of_its_own() => Assert.All(SettingTables.Broker.All, static row =>
    {
        Assert.Equal(row.Name, EnvironmentNames.Resolve(EnvironmentNames.Variable(row.Name), out var fault));
        Assert.Null(fault);
        Assert.False(EnvironmentNames.IsKubernetes(EnvironmentNames.Variable(row.Name), "tcp://10.0.0.1:9092"), row.Name);
    });

    [Theory]
    [InlineData("MOLDAU_LOG_RETENTION_MS", "log.retention.ms")]
    [InlineData("MOLDAU_DURABILITY", "moldau.durability")]
    [InlineData("MOLDAU_LISTENER_NAME_INSIDE_SSL_KEYSTORE_LOCATION", "listener.name.inside.ssl.keystore.location")]
    [InlineData("MOLDAU_LISTENER_NAME_MY_OWN_MAX_CONNECTIONS", "listener.name.my_own.max.connections")]
    [InlineData("MOLDAU_LISTENER_NAME_OUTSIDE_SCRAM_SHA_256_SASL_JAAS_CONFIG", "listener.name.outside.scram-sha-256.sasl.jaas.config")]
    [InlineData("MOLDAU_LISTENER_NAME_SASL_PLAIN_CONNECTIONS_MAX_REAUTH_MS", "listener.name.sasl.plain.connections.max.reauth.ms")]
    [InlineData("MOLDAU_LISTENER_NAME_SASL_PLAIN_SSL_CLIENT_AUTH", "listener.name.sasl_plain.ssl.client.auth")]
    public void A_variable_is_one_setting(string variable, string setting) => Assert.Equal(setting, EnvironmentNames.Resolve(variable, out _));

    [Theory]
    [InlineData("MOLDAU_LOG_RETENTION", "no setting has this variable; did you mean MOLDAU_LOG_RETENTION_MS?")]
    [InlineData("MOLDAU_log_retention_ms", "no setting has this variable; did you mean MOLDAU_LOG_RETENTION_MS?")]
    [InlineData("MOLDAU_MOLDAU_DURABILITY", "no setting has this variable; did you mean MOLDAU_DURABILITY?")]
    [InlineData("MOLDAU_LISTENER_NAME_MAX_CONNECTIONZ", "no setting has this variable")]
    [InlineData("MOLDAU_LISTENER_NAME_A_METADATA_LOG_DIR", "it may mean listener.name.a.metadata.log.dir or listener.name.a_metadata.log.dir: give it with --set or in a file, where names have dots")]
    public void A_variable_that_is_none_or_may_be_two_is_refused(string variable, string fault)
    {
        Assert.Null(EnvironmentNames.Resolve(variable, out var told));
        Assert.StartsWith(fault, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MOLDAU_SERVICE_HOST", "10.0.0.1", true)]
    [InlineData("MOLDAU_SERVICE_PORT_KAFKA", "9092", true)]
    [InlineData("MOLDAU_PORT", "tcp://10.0.0.1:9092", true)]
    [InlineData("MOLDAU_PORT_9092_TCP", "tcp://10.0.0.1:9092", true)]
    [InlineData("MOLDAU_PORT_9092_TCP_ADDR", "10.0.0.1", true)]
    [InlineData("MOLDAU_CONSOLE_SERVICE_PORT", "80", true)]
    [InlineData("MOLDAU_PORT", "9092", false)]
    [InlineData("MOLDAU_LOG_DIRS", "x", false)]
    public void What_Kubernetes_tells_of_a_service_is_no_setting(string variable, string value, bool isKubernetes) =>
        Assert.Equal(isKubernetes, EnvironmentNames.IsKubernetes(variable, value));
}
