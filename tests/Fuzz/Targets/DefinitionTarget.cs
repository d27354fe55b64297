using System.Text;
using Moldau.Fuzz.Engine;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;

namespace Moldau.Fuzz.Targets;

/// <summary>The reader of protocol definitions. It collects faults and throws nothing, so that a build shows all of them.</summary>
internal sealed class DefinitionTarget : FuzzTarget
{
    private const long AllocationConstant = 256 * 1024;

    // Strings of two bytes a character, cut up and joined several times over.
    private const long AllocationPerByte = 400;

    private IReadOnlyList<DefinitionFault> _faults = [];

    public override string Name => "definition";

    public override IEnumerable<byte[]> Seeds(int seed) => DefinitionFolder.Paths.Select(File.ReadAllBytes);

    public override void Read(byte[] input) => DefinitionParser.Parse("fuzz.def", Encoding.UTF8.GetString(input), out _faults);

    public override bool IsDocumented(Exception exception) => false;

    public override long AllowedAllocation(int inputLength) => AllocationConstant + (AllocationPerByte * inputLength);

    public override string Reached(Exception? refusal) => _faults.Count == 0 ? "" : _faults[^1].Problem[..Math.Min(12, _faults[^1].Problem.Length)];
}
