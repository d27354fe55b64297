using Moldau.Protocol.Records;

namespace Moldau.Unit.Mutations;

/// <summary>Compiles the Coordination room.</summary>
internal sealed class CoordinationCompiler() : RoomCompiler("Coordination", static source => source, typeof(RecordBatch).Assembly);
