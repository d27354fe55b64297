using System.Globalization;
using Moldau.Fuzz.Targets;
using Moldau.Protocol.Messages;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;
using Xunit;

namespace Moldau.Fuzz;

/// <summary>
/// The frame a stranger would send to have the most memory taken for the fewest bytes: one array, full of the smallest
/// elements there are. Mutation hardly finds it, so it is built for every array of every message.
/// </summary>
public class AmplificationTests
{
    private const int Elements = 2000;

    [Fact]
    public void No_array_of_the_smallest_elements_takes_more_memory_than_its_bytes_justify()
    {
        var (worst, where, over) = (0.0, "", new List<string>());
        foreach (var binding in MessageCatalog.All)
        {
            foreach (var version in binding.Versions)
            {
                var contents = new SmallestContent(binding.Definition, version, Elements, innerElements: 0).EveryArray()
                    .Concat(new SmallestContent(binding.Definition, version, Elements, innerElements: 1).EveryArray());
                foreach (var (path, content) in contents)
                {
                    var input = MessageBytes.Write(binding.Create(content), version);
                    var taken = Taken(binding, version, input);
                    var place = string.Create(CultureInfo.InvariantCulture, $"{binding.Definition.Name} v{version} {path}: {taken} bytes for {input.Length}");
                    if ((double)taken / input.Length > worst) (worst, where) = ((double)taken / input.Length, place);
                    if (taken > new MessageTarget(binding.Create, version, (_, _) => binding.Create()).AllowedAllocation(input.Length)) over.Add(place);
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at most {worst:f0} times the input: {where}"));
        Assert.NotEqual(0, worst);
        Assert.True(over.Count == 0, string.Join('\n', over));
    }

    private static long Taken(MessageBinding binding, short version, byte[] input)
    {
        var message = binding.Create();
        var before = GC.GetAllocatedBytesForCurrentThread();
        MessageBytes.ReadInto(message, input, version);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
