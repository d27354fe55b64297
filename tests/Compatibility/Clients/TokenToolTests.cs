using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Compatibility.Differential;
using Moldau.Compatibility.Kafka;
using Moldau.Shared;
using Xunit;

namespace Moldau.Compatibility.Clients;

/// <summary>Kafka's tool for delegation tokens prints the same for both brokers, but for what is drawn: ids and codes, and times of day.</summary>
public sealed partial class TokenToolTests
{
    private const string DateForm = "yyyy-MM-dd'T'HH:mm";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    private static IReadOnlyList<string> Script =>
        [.. File.ReadLines(Path.Combine(RepositoryPaths.Root, "tests", "Compatibility", "Clients", "tokens.script")).Where(static line => line.Length > 0 && line[0] != '#')];

    [Fact]
    public async Task It_prints_the_same_for_both_brokers()
    {
        KafkaJars.Require();
        // Brokers of its own: what tokens there are is looked at, and others make some.
        var theirs = await CompareAsync(AuthorizedBroker.Settings, Script);
        Assert.Equal("Calling describe token operation for current user.\nTotal number of tokens : 0\nTOKENID HMAC OWNER REQUESTER RENEWERS ISSUEDATE EXPIRYDATE MAXDATE\n", theirs[0]);
        Assert.Contains("ID CODE User:none User:none [User:node, User:other] +0h +24h +168h", theirs[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_prints_the_same_where_there_are_no_tokens()
    {
        KafkaJars.Require();
        var settings = AuthorizedBroker.Settings.Where(static setting => setting.Key != "delegation.token.secret.key").ToDictionary();
        // Whatever needs no token that was made before.
        var lines = Script.Where(static line => !line.Contains('^', StringComparison.Ordinal) && !line.Contains('?', StringComparison.Ordinal)).ToList();
        var theirs = await CompareAsync(settings, lines);
        Assert.Contains("DelegationTokenDisabledException", theirs[0], StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> CompareAsync(IReadOnlyDictionary<string, string> settings, IReadOnlyList<string> lines)
    {
        await using var kafkas = await KafkaBroker.StartAsync(settings, users: Users.Names);
        await using var ours = await AuthorizedBroker.StartAsync(options => options with { Settings = options.Settings.Where(setting => settings.ContainsKey(setting.Key) || !AuthorizedBroker.Settings.ContainsKey(setting.Key)).ToDictionary() });
        using (var side = new BrokerSide("Kafka", kafkas.Address) { Administrator = Users.Administrator, Introduce = Users.IntroduceAsync }) await Users.PrepareAsync(side);
        return await CompareAsync(lines, (kafkas.Address.Port, kafkas.OpenPort), (ours.Port, ours.OpenPort));
    }

    /// <returns>What the tool said of Kafka's broker.</returns>
    private static async Task<IReadOnlyList<string>> CompareAsync(IReadOnlyList<string> lines, (int Asking, int Open) kafkas, (int Asking, int Open) ours)
    {
        var commands = lines.Where(static line => line[0] != '@').ToList();
        var both = await Task.WhenAll(RunAsync(lines, kafkas), RunAsync(lines, ours));
        Assert.Equal(commands.Count, both[0].Count);
        Assert.Equal(commands.Count, both[1].Count);
        var faults = new List<string>();
        for (var i = 0; i < commands.Count; i++)
        {
            var (their, our) = ToolOutput.Comparable(commands[i], both[0][i], both[1][i]);
            if (their != our || ToolOutput.IsInVain(our)) faults.Add($"{commands[i]}\non Kafka:\n{their}\non Moldau:\n{our}\n");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        return both[0];
    }

    private static async Task<List<string>> RunAsync(IReadOnlyList<string> lines, (int Asking, int Open) ports)
    {
        var files = Directory.CreateTempSubdirectory("moldau-tokens-");
        try
        {
            var script = new ToolScript(Address(ports.Asking), "none", files.FullName, Address(ports.Open));
            var told = await KafkaJars.RunAsync("Kafka's tool for delegation tokens", Deadline, "ToolRunner", script.Prepare(lines));
            return [.. ToolOutput.Each(told, ports.Asking.ToString(CultureInfo.InvariantCulture), "nowhere-else").Select(Comparable)];
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>Ids and codes are drawn; of times counts how many hours off they are.</summary>
    private static string Comparable(string text)
    {
        var now = TimeProvider.System.GetLocalNow().DateTime;
        text = Row().Replace(Code().Replace(text, "CODE"), "ID CODE ");
        text = Identity().Replace(text, "$1ID");
        text = Date().Replace(text, date => string.Create(CultureInfo.InvariantCulture, $"{Math.Round((DateTime.ParseExact(date.Value, DateForm, CultureInfo.InvariantCulture) - now).TotalHours):+0;-0;+0}h"));
        return Blanks().Replace(text, " ").Replace(" \n", "\n", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"[A-Za-z0-9+/]{86}==")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\S+\s+CODE\s+", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(tokenId : )\S+")]
    private static partial Regex Identity();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d")]
    private static partial Regex Date();

    [GeneratedRegex(" +")]
    private static partial Regex Blanks();
}
