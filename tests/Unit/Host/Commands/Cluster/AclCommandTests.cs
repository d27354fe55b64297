using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

public class AclCommandTests
{
    private static readonly Dictionary<string, string> Guarded = new()
    {
        ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer", ["super.users"] = "User:ANONYMOUS",
    };

    [Fact]
    public async Task Rules_are_made_listed_as_they_hold_and_deleted_behind_a_plan()
    {
        await using var broker = await TestBroker.StartAsync(settings: Guarded);

        var made = await VerbRun.OfAsync(broker, "acl", "create", "--principal", "alice", "User:bob", "--operation", "read", "describe", "--topic", "orders", "--host", "10.0.0.1");
        Assert.Equal((0, ""), (made.ExitCode, made.Error));
        Assert.Equal(4, made.Lines.Length);
        Assert.Contains("made: Allow User:alice from 10.0.0.1 Read on Topic orders", made.Lines);
        Assert.Equal(0, (await VerbRun.OfAsync(broker, "acl", "create", "--principal", "User:*", "--operation", "write", "--topic", "or", "--prefix", "--deny")).ExitCode);
        Assert.Equal(0, (await VerbRun.OfAsync(broker, "acl", "create", "--principal", "alice", "--operation", "create", "--cluster")).ExitCode);

        Assert.Equal(
            [
                "RESOURCE  NAME           PATTERN   PRINCIPAL   OPERATION  PERMISSION  HOST",
                "topic     or             prefixed  User:*      write      deny        *",
                "topic     orders         literal   User:alice  read       allow       10.0.0.1",
                "topic     orders         literal   User:alice  describe   allow       10.0.0.1",
                "topic     orders         literal   User:bob    read       allow       10.0.0.1",
                "topic     orders         literal   User:bob    describe   allow       10.0.0.1",
                "cluster   kafka-cluster  literal   User:alice  create     allow       *",
            ],
            (await VerbRun.OfAsync(broker, "acl", "list")).Lines);
        Assert.Equal(4, (await VerbRun.OfAsync(broker, "acl", "list", "--name", "orders")).Lines.Length - 1);
        Assert.Equal(5, (await VerbRun.OfAsync(broker, "acl", "list", "--name", "orders", "--resource", "topic", "--effective")).Lines.Length - 1);

        var planned = await VerbRun.OfAsync(broker, "acl", "delete", "--principal", "bob");
        Assert.Equal((1, ""), (planned.ExitCode, planned.Output));
        Assert.Contains("to delete: Allow User:bob from 10.0.0.1 Read on Topic orders", planned.Error, StringComparison.Ordinal);
        var deleted = await VerbRun.OfAsync(broker, "acl", "delete", "--principal", "bob", "--yes");
        Assert.Equal(0, deleted.ExitCode);
        Assert.Equal(["deleted: Allow User:bob from 10.0.0.1 Read on Topic orders", "deleted: Allow User:bob from 10.0.0.1 Describe on Topic orders"], deleted.Lines);
        Assert.Equal(4, (await VerbRun.OfAsync(broker, "acl", "list")).Lines.Length - 1);
    }

    [Fact]
    public async Task What_is_not_said_or_not_known_is_named()
    {
        await using var broker = await TestBroker.StartAsync(settings: Guarded);

        Assert.Equal((2, "moldau: a rule needs --principal, --operation and a resource: --topic, --group, --transactional-id, --user, --token or --cluster\n"), Told(await VerbRun.OfAsync(broker, "acl", "create", "--principal", "alice", "--topic", "t")));
        Assert.Equal((2, "moldau: there is no operation 'raed'; did you mean 'read'?\n"), Told(await VerbRun.OfAsync(broker, "acl", "create", "--principal", "alice", "--operation", "raed", "--topic", "t")));
        Assert.Equal((2, "moldau: which rules? --resource, --name, --principal or --operation says it\n"), Told(await VerbRun.OfAsync(broker, "acl", "delete", "--yes")));
        Assert.Equal((1, "moldau: no rule is like that\n"), Told(await VerbRun.OfAsync(broker, "acl", "delete", "--principal", "nobody", "--yes")));
    }

    [Fact]
    public async Task A_broker_that_asks_for_no_rules_says_so()
    {
        await using var broker = await TestBroker.StartAsync();

        var refused = await VerbRun.OfAsync(broker, "acl", "list");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("SECURITY_DISABLED", refused.Error, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Error) Told(VerbRun run) => (run.ExitCode, run.Error);
}
