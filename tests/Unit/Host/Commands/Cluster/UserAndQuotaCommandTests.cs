using Moldau.Host.Commands;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Host.Commands.Cluster;

public sealed class UserAndQuotaCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moldau-users-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_user_is_given_passwords_listed_and_deleted_behind_a_plan()
    {
        await using var broker = await TestBroker.StartAsync();

        Assert.Equal((0, "set: password of alice for SCRAM-SHA-512\n"), Printed(await VerbRun.WithAsync(broker, "secret\n", null, "user", "set", "alice", "--password-file", "-")));
        Assert.Equal(0, (await VerbRun.WithAsync(broker, "secret\n", null, "user", "set", "alice", "--password-file", "-", "--mechanism", "SCRAM-SHA-256", "--iterations", "8192")).ExitCode);
        Assert.Equal(["USER   MECHANISM      ITERATIONS", "alice  SCRAM-SHA-256  8192", "alice  SCRAM-SHA-512  4096"], (await VerbRun.OfAsync(broker, "user", "list")).Lines);

        var planned = await VerbRun.OfAsync(broker, "user", "delete", "alice", "--mechanism", "SCRAM-SHA-256");
        Assert.Equal((1, ""), Printed(planned));
        Assert.StartsWith("to delete: password of alice for SCRAM-SHA-256\n", planned.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal((0, "deleted: password of alice for SCRAM-SHA-256\n"), Printed(await VerbRun.OfAsync(broker, "user", "delete", "alice", "--mechanism", "SCRAM-SHA-256", "--yes")));
        Assert.Equal(["USER   MECHANISM      ITERATIONS", "alice  SCRAM-SHA-512  4096"], (await VerbRun.OfAsync(broker, "user", "list", "alice")).Lines);
        Assert.Contains("RESOURCE_NOT_FOUND", (await VerbRun.OfAsync(broker, "user", "list", "bob")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the password is empty")]
    [InlineData("\n", "the password is empty")]
    public async Task A_password_that_is_none_is_refused(string input, string expected)
    {
        await using var broker = await TestBroker.StartAsync();

        var refused = await VerbRun.WithAsync(broker, input, null, "user", "set", "alice", "--password-file", "-");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(input.Length == 0 ? "no password" : expected, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_user_is_made_before_the_first_start_and_again_while_the_broker_does_not_run()
    {
        var data = Path.Combine(_folder, "data");
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, "secret\n", TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), Run("user", "set", "admin", "--data", data, "--password-file", password));
        Assert.Equal((0, ""), Run("user", "set", "second", "--data", data, "--password-file", password));
        await using (var broker = await TestBroker.StartAsync(disk: new Moldau.Storage.Files.DiskFileSystem(), settings: new() { ["log.dirs"] = data }))
        {
            Assert.Equal(["USER    MECHANISM      ITERATIONS", "admin   SCRAM-SHA-512  4096", "second  SCRAM-SHA-512  4096"], (await VerbRun.OfAsync(broker, "user", "list")).Lines);
            var (exitCode, error) = Run("user", "set", "third", "--data", data, "--password-file", password);
            Assert.Equal(ExitCode.Failed, exitCode);
            Assert.Contains(data, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Limits_are_set_listed_and_taken_away()
    {
        await using var broker = await TestBroker.StartAsync();

        Assert.Equal((0, "set producer_byte_rate=1024 for user alice, client-id (default)\n"), Printed(await VerbRun.OfAsync(broker, "quota", "set", "producer_byte_rate=1024", "--user", "alice", "--default-client-id")));
        Assert.Equal(0, (await VerbRun.OfAsync(broker, "quota", "set", "connection_creation_rate=10", "--ip", "10.0.0.1")).ExitCode);
        Assert.Equal(
            [
                "USER   CLIENT-ID  IP        LIMIT                     VALUE",
                "-      -          10.0.0.1  connection_creation_rate  10",
                "alice  (default)  -         producer_byte_rate        1024",
            ],
            (await VerbRun.OfAsync(broker, "quota", "list")).Lines);
        Assert.Equal(2, (await VerbRun.OfAsync(broker, "quota", "list", "--user", "alice")).Lines.Length);
        Assert.Equal(1, (await VerbRun.OfAsync(broker, "quota", "delete", "producer_byte_rate", "--user", "alice", "--default-client-id")).ExitCode);
        Assert.Equal((0, "took producer_byte_rate of user alice, client-id (default) away\n"), Printed(await VerbRun.OfAsync(broker, "quota", "delete", "producer_byte_rate", "--user", "alice", "--default-client-id", "--yes")));
        Assert.Equal(2, (await VerbRun.OfAsync(broker, "quota", "list")).Lines.Length);
        Assert.Equal((2, "moldau: whose limits? --user, --client-id, --ip or their --default-... says it\n"), Told(await VerbRun.OfAsync(broker, "quota", "set", "producer_byte_rate=1024")));
        Assert.Equal((2, "moldau: producer_byte_rate takes a number, not 'much'\n"), Told(await VerbRun.OfAsync(broker, "quota", "set", "producer_byte_rate=much", "--user", "alice")));
        Assert.Equal(1, (await VerbRun.OfAsync(broker, "quota", "set", "nonsense=1", "--user", "alice")).ExitCode);
    }

    private static (int ExitCode, string Error) Run(params string[] arguments)
    {
        var run = CommandLineRun.Of(arguments);
        return (run.ExitCode, run.Error);
    }

    private static (int ExitCode, string Output) Printed(VerbRun run) => (run.ExitCode, run.Output);

    private static (int ExitCode, string Error) Told(VerbRun run) => (run.ExitCode, run.Error);
}
