using Moldau.Broker.Settings;
using Xunit;

namespace Moldau.Unit.Broker.Settings;

public class NearestNameTests
{
    private static readonly string[] Names = ["produce", "consume", "group"];

    [Theory]
    [InlineData("prodcue", "produce")]
    [InlineData("CONSUME", "consume")]
    [InlineData("groups", "group")]
    [InlineData("start", null)]
    public void Finds_the_name_with_the_fewest_edits_unless_most_of_it_differs(string given, string? nearest) =>
        Assert.Equal(nearest, NearestName.Find(given, Names));
}
