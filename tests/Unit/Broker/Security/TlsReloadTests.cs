using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Shared;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Security;

/// <summary>Certificates change while the broker serves, and what cannot be used changes nothing.</summary>
public class TlsReloadTests
{
    [Fact]
    public async Task Another_file_is_shown_from_then_on_and_a_bad_one_is_told_once()
    {
        await using var broker = await TlsBroker.StartAsync();
        using var before = await broker.ConnectAsync();
        var other = new TestCertificates("Other");

        broker.Files["/server.pem"] = "-----BEGIN CERTIFICATE-----";
        await broker.Lines.WaitForAsync("1010 listener SSL keeps the certificates it has");
        using (var still = await broker.ConnectAsync()) await TlsBroker.AskAsync(still);
        broker.Files.Remove("/server.pem");
        await broker.Lines.WaitForAsync("there is no such file");
        using (var still = await broker.ConnectAsync()) await TlsBroker.AskAsync(still);

        broker.Files["/server.pem"] = other.ServerPem;
        await broker.Lines.WaitForAsync("1009 listener SSL shows another certificate from now on: CN=localhost");
        using var after = await broker.ConnectAsync(trusted: other);
        await TlsBroker.AskAsync(after);
        await TlsBroker.AskAsync(before);
        Assert.Equal(2, broker.Lines.All.Count(static line => line.StartsWith("1010", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Whoever_is_no_longer_trusted_does_not_come_in_by_an_old_session()
    {
        await using var broker = await TlsBroker.StartAsync(("ssl.client.auth", "required"));
        var certificate = TestCertificates.Shared.Client("pay");
        for (var i = 0; i < 2; i++)
        {
            using var client = await broker.ConnectAsync(certificate);
            await TlsBroker.AskAsync(client);
        }

        var others = new TestCertificates("Other");
        broker.Files["/trusted.pem"] = others.AuthorityPem;
        await broker.Lines.WaitForAsync("1009 ");
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var client = await broker.ConnectAsync(certificate);
            await TlsBroker.AskAsync(client);
        });
        Assert.True(failure is IOException or AuthenticationException, failure.ToString());
        using var known = await broker.ConnectAsync(others.Client("pay"));
        await TlsBroker.AskAsync(known);
    }

    [Fact]
    public async Task A_setting_of_the_listener_changes_it_and_is_never_shown()
    {
        await using var broker = await TlsBroker.StartAsync();
        using var plain = await Conversation.ConnectAsync(broker.Plain);
        var other = new TestCertificates("Other");
        var missing = new IncrementalAlterConfigsRequest
        {
            Resources = [new IncrementalAlterConfigsRequest.Resource { ResourceType = 4, ResourceName = "1", Configs = [new IncrementalAlterConfigsRequest.Config { Name = "listener.name.ssl.ssl.keystore.location", Value = "/missing" }] }],
        };
        var refused = (await plain.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, missing)).Responses[0];
        Assert.Equal(ErrorCode.InvalidRequest, refused.ErrorCode);
        Assert.Contains("listener SSL could not speak SSL so: read /missing: there is no such file", refused.ErrorMessage, StringComparison.Ordinal);
        broker.Files.Write("/other.p12", other.Server.Export(X509ContentType.Pkcs12, "geheim")!);
        var request = new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new IncrementalAlterConfigsRequest.Resource
                {
                    ResourceType = 4,
                    ResourceName = "1",
                    Configs =
                    [
                        new IncrementalAlterConfigsRequest.Config { Name = "listener.name.ssl.ssl.keystore.location", Value = "/other.p12" },
                        new IncrementalAlterConfigsRequest.Config { Name = "listener.name.ssl.ssl.keystore.password", Value = "geheim" },
                    ],
                },
            ],
        };
        Assert.Equal(ErrorCode.None, (await plain.AskAsync<IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, request)).Responses[0].ErrorCode);
        await broker.Lines.WaitForAsync("1009 ");
        using var client = await broker.ConnectAsync(trusted: other);
        await TlsBroker.AskAsync(client);
        Assert.DoesNotContain(broker.Lines.All, static line => line.Contains("geheim", StringComparison.Ordinal));
    }
}
