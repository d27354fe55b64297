using Moldau.Compatibility.Kafka;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Compatibility.Errors;

public class ErrorTableAgainstKafkaTests
{
    [Fact]
    public async Task Codes_names_and_what_may_be_retried_are_Kafkas()
    {
        KafkaJars.Require();

        var theirs = await KafkaJars.RunAsync("Kafka's error codes", TimeSpan.FromSeconds(60), "ErrorCodes");

        var ours = ErrorTable.All.ToArray().Select(row => $"{(short)row.Code} {row.Name} {(row.IsRetriable ? "true" : "false")}");
        Assert.Equal(theirs, ours);
    }
}
