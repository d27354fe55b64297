using Moldau.Broker.Metadata.Image;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Requests;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Rules;
using Moldau.Broker.Settings.Snapshots;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Compatibility.Differential;

/// <summary>The scripts about rules notice a broker that does not keep to them, and ask all there is to ask.</summary>
public class AuthorizedBreakTests(ITestOutputHelper output)
{
    [Fact]
    public async Task An_authorizer_that_ignores_denials_is_noticed() => Assert.NotEqual(0, await DifferencesAsync("authorized/records",
        options => options with { Authorizes = static (metadata, settings, audit) => new Lenient(metadata, settings, audit, static question => question.Operation == AclOperation.Read) }));

    [Fact]
    public async Task A_check_that_is_forgotten_is_noticed() => Assert.NotEqual(0, await DifferencesAsync("authorized/records",
        options => options with { Authorizes = static (metadata, settings, audit) => new Lenient(metadata, settings, audit, static question => question is { Operation: AclOperation.Delete, Resource: AclResource.Topic }) }));

    [Fact]
    public async Task A_handler_that_asks_for_another_is_noticed() => Assert.NotEqual(0, await DifferencesAsync("authorized/transactions",
        options => options with { Wrap = static (key, handler) => key == ApiKey.EndTxn ? new Trusting(handler) : handler }));

    [Fact]
    public async Task Every_check_of_the_table_is_asked_and_two_brokers_answer_alike()
    {
        await using var one = await AuthorizedBroker.StartAsync();
        await using var other = await AuthorizedBroker.StartAsync();
        var differences = 0;
        foreach (var script in Directory.GetFiles(Path.Combine(Script.Folder, "authorized"), "*.txt").Order(StringComparer.Ordinal))
            differences += await DifferencesAsync("authorized/" + Path.GetFileNameWithoutExtension(script), one, other);

        Assert.Equal(0, differences);
        var silent = one.Rows.SelectMany(static row => row.Checks.Where(check => !row.HasAsked(check)).Select(check => $"{row.Api.Name}: {check.Operation} on {check.Resource}")).ToList();
        Assert.True(silent.Count == 0, "listed, and never asked by a script:\n" + string.Join('\n', silent));
    }

    private async Task<int> DifferencesAsync(string script, Func<Moldau.Broker.BrokerOptions, Moldau.Broker.BrokerOptions> change)
    {
        await using var intact = await AuthorizedBroker.StartAsync();
        await using var broken = await AuthorizedBroker.StartAsync(change);
        return await DifferencesAsync(script, intact, broken);
    }

    private async Task<int> DifferencesAsync(string script, AuthorizedBroker one, AuthorizedBroker other)
    {
        using var intact = one.Side("intact");
        using var broken = other.Side("other");
        var run = new DifferentialRun(script, broken, intact);
        await run.RunAsync(Script.Read(script), 10_000);
        output.WriteLine($"{script}: {run.Requests} requests\n" + string.Join('\n', Difference.Lines(run.Found).Take(10)));
        return run.Found.Count;
    }

    /// <summary>Allows some of what the rules deny.</summary>
    private sealed class Lenient(MetadataFollower metadata, AuthorizerSettings settings, AuditLog audit, Func<Question, bool> isForgotten) : Authorizer(metadata, settings, audit)
    {
        public override bool Allows(in Question question) => isForgotten(question) || base.Allows(question);
    }

    /// <summary>Answers whoever asks as if an administrator had.</summary>
    private sealed class Trusting(RequestHandler inner) : RequestHandler
    {
        public override void Start(Exchange exchange)
        {
            var (connection, subject) = (exchange.Connection, exchange.Connection.Subject);
            connection.Subject = new Subject(exchange.Principal, connection.Address, isSuper: true);
            inner.Start(exchange);
            connection.Subject = subject;
        }

        public override void Refuse(Exchange exchange, Moldau.Protocol.Errors.ErrorCode error, string? message) => inner.Refuse(exchange, error, message);
    }
}
