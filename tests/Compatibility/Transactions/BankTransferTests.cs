using System.Globalization;
using Moldau.Compatibility.Clients;
using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Serving;
using Moldau.Compatibility.Wire;
using Xunit;

namespace Moldau.Compatibility.Transactions;

/// <summary>
/// Kafka's own clients move money while the broker is killed again and again: every transfer is written once on both sides or
/// not at all, whoever has been told of a commit finds it, and no reader of what is committed ever sees another sum.
/// </summary>
public sealed class BankTransferTests(ITestOutputHelper output)
{
    private const int MostMilliseconds = 500;

    private static bool IsLong => Environment.GetEnvironmentVariable("MOLDAU_LONG") == "1";

    private static int Kills => IsLong ? 30 : 2;

    /// <summary>Between two kills.</summary>
    private static TimeSpan Pause => IsLong ? TimeSpan.FromSeconds(20) : TimeSpan.Zero;

    [Theory]
    [InlineData("classic")]
    [InlineData("consumer")]
    public async Task The_sum_of_all_accounts_stays_the_same_while_the_broker_is_killed(string protocol)
    {
        KafkaJars.Require();
        output.WriteLine(TestSeed.Text);
        var chance = TestSeed.For(protocol);
        using var broker = await SteadyBroker.StartAsync(Bank.BrokerSettings);
        await using var bank = await Bank.OpenAsync(broker.Address, protocol);
        if (Librdkafka.HasNew) await bank.EmployAsync(broker.Address, protocol);
        for (var kill = 0; kill < Kills; kill++)
        {
            var since = TimeProvider.System.GetTimestamp();
            await bank.GoOnAsync(transactions: 20);
            var rest = Pause - TimeProvider.System.GetElapsedTime(since);
            if (rest < TimeSpan.Zero) rest = TimeSpan.Zero;
            await Task.Delay(rest + TimeSpan.FromMilliseconds(chance.Next(1, MostMilliseconds)), TestContext.Current.CancellationToken);
            await broker.KillAsync();
        }

        await bank.GoOnAsync(transactions: 20);
        var (transfers, told) = await bank.CloseAsync();
        output.WriteLine($"{Kills} kills: {told}");
        await CheckWithLibrdkafkaAsync(broker.Address, transfers);
    }

    /// <summary>What the bank says of itself, another client must see too.</summary>
    private static async Task CheckWithLibrdkafkaAsync(string address, int transfers)
    {
        var entries = (await Kcat.ReadCommittedAsync(address, Bank.Entries)).Select(static line => line.Split(',')).ToList();
        Assert.Equal(Bank.Total, entries.Sum(static entry => long.Parse(entry[1], CultureInfo.InvariantCulture)));
        var sides = entries.Where(static entry => entry[2] != Bank.Opening).CountBy(static entry => (Transfer: entry[0], IsDebit: entry[1].StartsWith('-'))).ToList();
        Assert.All(sides, static side => Assert.Equal(1, side.Value));
        Assert.Equal(2 * transfers, sides.Count);
    }
}
