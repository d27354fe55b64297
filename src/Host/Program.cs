using Moldau.Host.Commands;
using Moldau.Host.Commands.Output;

return new CommandRunner(Terminal.OfProcess()).Run(args);
