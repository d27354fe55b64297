using Moldau.Compatibility.Kafka;
using Moldau.Compatibility.Serving;
using Xunit;

namespace Moldau.Compatibility.Transactions;

/// <summary>A bank that does something wrong must be found out by its readers: otherwise their silence would prove nothing.</summary>
public sealed class BankFaultTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("read-uncommitted", "was aborted, and an entry of it is seen")]
    [InlineData("one-sided", "entries are not there, and the others are")]
    [InlineData("forgotten", "was acknowledged with transaction")]
    [InlineData("no-offsets", "is there twice on one side")]
    public async Task A_fault_is_found_out(string fault, string words)
    {
        KafkaJars.Require();
        using var broker = await SteadyBroker.StartAsync(Bank.BrokerSettings);
        await using var bank = await Bank.OpenAsync(broker.Address, "classic", fault);
        output.WriteLine(await bank.FaultAsync(words));
    }
}
